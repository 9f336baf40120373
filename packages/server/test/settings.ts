import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "../src/settings/options.ts";
import type { Recalled } from "../src/settings/remembered-provider.ts";
import type { Settings } from "../src/settings/settings.ts";
import { readOptions } from "../src/settings/settings.ts";
import type { IncomingRequest } from "../src/web/incoming-request.ts";
import { type ReturnPath, readReturnPath } from "../src/web/return-path.ts";

/** Random once, so that seals of one run open in another. */
export const secret: string = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";

/** The settings of an app at https://app.example, with some options changed. */
export function settingsWith<Data = undefined>(change: Partial<PixyOptions<Data>> = {}): Settings<Data> {
  return readOptions<Data>({
    provider: spotify,
    clientId: "client-of-the-app",
    baseUrl: "https://app.example",
    secret,
    ...change,
  });
}

/** The only provider of an app, which is at hand. */
export function recalledOf<Data>({ ways: [way] }: Settings<Data>): Recalled {
  const provider = way.provider.known;
  if (provider === null) throw new Error("The provider is not found yet.");
  return { way, provider };
}

/** A path of the app, as it was checked. */
export function returnPath(path: string): ReturnPath {
  const checked = readReturnPath(path, new URL("https://app.example"));
  if (checked === null) throw new Error(`${path} is no path of the app.`);
  return checked;
}

/** A request as an adapter hands it over: header names in lower case. */
export function incoming(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method: string = "GET",
): IncomingRequest {
  return { method, url, header: (name) => headers[name] ?? null };
}
