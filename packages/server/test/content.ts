import { spotify } from "@pixy/providers/spotify";
import { moment, tokensWith } from "../../grants/test/tokens.ts";
import type { SessionContent } from "../src/session/session.ts";
import type { RememberedProvider } from "../src/settings/remembered-provider.ts";

export { moment, tokensWith };

/** Spotify as the only provider, as attempts and sessions remember it. */
export const remembered: RememberedProvider = { provider: null, issuer: spotify.issuer, tokenEndpoint: null };

/** A session of somebody who has just logged in. */
export function contentWith<Data = undefined>(change: Partial<SessionContent<Data>> = {}): SessionContent<Data> {
  return {
    id: "A".repeat(43),
    owner: null,
    clientId: "client-of-the-app",
    tokens: tokensWith(),
    data: undefined as Data,
    kept: {},
    createdAt: moment,
    fence: 0,
    asked: ["user-read-private"],
    warned: false,
    ...remembered,
    ...change,
  };
}
