import { spotify } from "@pixy/providers/spotify";
import { type Auth, createAuth, type PixyEvent, type Profile } from "@pixy/server";
import { secret } from "../lib/web-app.ts";

export const origin = "https://app.example";
/** What a provider gives, and nobody may see. */
export const tokens = { access: "canary-of-the-access-token", refresh: "canary-of-the-refresh-token" } as const;

export interface LoginApp {
  readonly auth: Auth<Profile | null>;
  /** What was told by events since it was asked for last. */
  told(): readonly PixyEvent[];
  /** Answers as a browser that navigates, with a Cookie header. */
  visit(url: string, cookie?: string | null): Promise<Response>;
  /** Begins a login: what the browser holds, and what the provider sends it back with. */
  begin(returnTo?: string): Promise<{ readonly cookie: string; readonly state: string }>;
}

/** An app whose provider says yes at once, with a clock that stands still. */
export function createLoginApp(): LoginApp {
  let events: PixyEvent[] = [];
  const answer = { access_token: tokens.access, refresh_token: tokens.refresh, token_type: "Bearer", expires_in: 3600 };
  const auth = createAuth({
    ...{ provider: spotify, clientId: "client", baseUrl: origin, secret, now: () => 1_800_000_000_000 },
    fetch: async () => Response.json(answer),
    onEvent: (event) => events.push(event),
  });
  const visit: LoginApp["visit"] = (url, cookie = null) =>
    auth.respond(
      auth.open({
        method: "GET",
        url,
        header: (name) => (name === "cookie" ? cookie : name === "sec-fetch-dest" ? "document" : null),
      }),
    );
  return {
    auth,
    visit,
    told() {
      const told = events;
      events = [];
      return told;
    },
    async begin(returnTo) {
      const query = returnTo === undefined ? "" : `?${new URLSearchParams({ returnTo: returnTo.toWellFormed() })}`;
      const response = await visit(`/auth/login${query}`);
      const state = new URL(response.headers.get("location") ?? "").searchParams.get("state") ?? "";
      return { cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "", state };
    },
  };
}

/** Throws unless a redirect, read as a browser reads it, stays at home. */
export function stayHome(response: Response): void {
  const location = response.headers.get("location");
  if (location === null) return;
  const url = new URL(location, `${origin}/auth/callback`);
  if (url.origin !== origin) throw new Error(`The redirect leaves: ${JSON.stringify(location)}`);
}
