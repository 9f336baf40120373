import { authenticatedFetch, parseWwwAuthenticate, ReauthRequiredError, staticAuthenticator } from "@pixy/core";
import { keepSecret, printed, refusal, type Target, target, texts } from "./target.ts";

const words = [
  "Bearer",
  "Basic",
  "DPoP",
  "error",
  "invalid_token",
  "insufficient_scope",
  "realm",
  "=",
  "=",
  ",",
  '"',
  "\\",
  "a".repeat(9),
];
const token = "canary-of-the-access-token";

const parse = target("WWW-Authenticate, as core reads it", texts(words), (header) => {
  for (const { scheme, parameters } of parseWwwAuthenticate(header)) {
    if (scheme !== scheme.toLowerCase() || [...parameters.keys()].some((name) => name !== name.toLowerCase())) {
      throw new Error("a name that is not in lower case");
    }
  }
});

const call = target("WWW-Authenticate of an API", texts(words), async (header) => {
  let sent = 0;
  const respond = async () => {
    sent++;
    // What a server may send at all.
    const line = header.replace(/[^\t\x20-\x7e\x80-\xff]/g, " ").trim();
    return new Response(null, { status: 401, headers: { "www-authenticate": line } });
  };
  const api = authenticatedFetch(staticAuthenticator(token), { origins: ["https://api.example"], fetch: respond });
  const error = await refusal(() => api("https://api.example/me"));
  if (sent !== 1) throw new Error(`asked ${sent} times`);
  if (error !== null && !ReauthRequiredError.isInstance(error)) throw error;
  if (error !== null) keepSecret(printed(error), [token]);
});

export const challengeTargets: readonly Target[] = [parse, call];
