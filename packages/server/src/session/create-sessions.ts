import type { Settings } from "../settings/settings.ts";
import { createCookieSessions } from "./cookie-sessions.ts";
import { createReferenceSessions } from "./reference-sessions.ts";
import type { Sessions } from "./sessions.ts";
import { createStoredSessions } from "./stored-sessions.ts";

/** Makes the sessions of an app: in its store, or in the browser where it has none; with grants of their own, or shared. */
export function createSessions<Data>(settings: Settings<Data>): Sessions<Data> {
  const { store, sharing } = settings;
  if (store === null) return createCookieSessions(settings);
  return sharing === null ? createStoredSessions(settings, store) : createReferenceSessions(settings, sharing, store);
}
