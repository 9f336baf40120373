import { memoryStore } from "@pixy/grants";
import { expect } from "vitest";
import { Handle } from "../src/request/handle.ts";
import type { RequestContext } from "../src/request/request-handle.ts";
import { createSessions } from "../src/session/create-sessions.ts";
import type { SessionContent } from "../src/session/session.ts";
import { sessionCookies } from "../src/session/session-cookie.ts";
import type { PixyEvent } from "../src/settings/events.ts";
import { contentWith, moment } from "./content.ts";
import { cookiePairs } from "./cookie-pairs.ts";
import { incoming, settingsWith } from "./settings.ts";

export const hour = 3_600_000;
const granted = { access_token: "newer", token_type: "Bearer", expires_in: 3600, refresh_token: "newer-refresh" };
export const refusal = (): Response => Response.json({ error: "invalid_grant" }, { status: 400 });
export const down = (): Response => new Response(null, { status: 503 });

export interface HandleWorld {
  readonly clock: { at: number };
  readonly events: PixyEvent[];
  /** The URLs of requests to the provider. */
  readonly sent: string[];
  /** The Cookie header of somebody who logs in now. */
  loggedIn(change?: Partial<SessionContent<undefined>>): Promise<string>;
  open(cookie?: string, context?: RequestContext): Handle<undefined>;
}

/** An app whose provider gives this answer to a refresh, and handles of requests to it. */
export function handleWorld(
  where: "cookie" | "memory",
  answer: () => Response = () => Response.json(granted),
): HandleWorld {
  const clock = { at: moment };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const sent: string[] = [];
  const settings = settingsWith({
    now,
    ...(where === "memory" ? { store: memoryStore({ now }) } : {}),
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request.url);
      if (request.url.startsWith("https://api.")) return new Response(request.headers.get("authorization"));
      return answer();
    },
  });
  const sessions = createSessions(settings);
  return {
    clock,
    events,
    sent,
    async loggedIn(change = {}) {
      const session = await sessions.create(contentWith(change));
      return `theme=dark; ${cookiePairs(sessionCookies(settings, sessions.issue(session), []))}`;
    },
    open: (cookie, context) =>
      new Handle(settings, sessions, incoming("/me", cookie === undefined ? {} : { cookie }), context),
  };
}

export const setCookies = (handle: Pick<Handle<undefined>, "takeResponseHeaders">): string[] =>
  handle.takeResponseHeaders().flatMap(([name, line]) => (name === "set-cookie" ? [line] : []));
export const clearing: unknown = expect.stringMatching(/^__Host-pixy=; Max-Age=0;/);
