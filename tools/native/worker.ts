/** One terminal of the proof: a program that starts, asks the API, says what it got, and ends. */
import { fileStore, pixy } from "@pixy/native";
import { spotifyAt } from "@pixy/providers/spotify";

const { PROVIDER_URL = "", DIRECTORY = "", AHEAD = "0", ID = "" } = process.env;
// The clock of everybody here and of the provider: tokens expire without anybody waiting for it.
const now = () => Date.now() + Number(AHEAD);

const auth = pixy({
  ...{
    name: "proof",
    provider: spotifyAt(PROVIDER_URL, { rotation: "rotating", retryUnknown: false }),
    clientId: "proof",
  },
  ...{ store: fileStore({ directory: DIRECTORY, now }), now },
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("x-worker", ID);
    return fetch(input, { ...init, headers });
  },
});

process.on("message", async () => {
  let result: string;
  try {
    result = String((await auth.fetch("/v1/me")).status);
  } catch (error) {
    result = (error as { readonly code?: string }).code ?? String(error);
  }
  process.send?.({ result });
});
process.on("disconnect", () => process.exit());
process.send?.({ isReady: true });
