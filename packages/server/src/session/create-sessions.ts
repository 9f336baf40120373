import type { Settings } from "../settings/settings.ts";
import { createCookieSessions } from "./cookie-sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createStoredSessions } from "./stored-sessions.ts";

/** Makes the sessions of an app: in its store, or in the browser where it has none. */
export function createSessions<Data>(settings: Settings<Data>): Sessions<Data> {
  return settings.store === null ? createCookieSessions(settings) : createStoredSessions(settings, settings.store);
}
