import type { Session } from "../session/session.ts";
import { readSessionData } from "../session/session-data.ts";
import { mostPublicData } from "../settings/public-data.ts";
import type { Settings } from "../settings/settings.ts";

/** What a page may know of the login, as JSON: the answer of the session route. No token is in it. */
export type PublicSession<Data = unknown, Key extends string | null = string | null> =
  | { readonly loggedIn: false }
  | {
      readonly loggedIn: true;
      /** Identifies the session in logs; nobody gets in with it. */
      readonly id: string;
      /** Absent where the app has one provider. */
      readonly provider?: NonNullable<Key>;
      readonly clientId: string;
      readonly scope: readonly string[];
      /** Moments as `Date` writes them to JSON. */
      readonly expiresAt: string | null;
      readonly authorizedAt: string;
      readonly reauthDueAt: string | null;
      readonly createdAt: string;
      /** The provider refuses to renew the tokens: a login would help. */
      readonly reauthNeeded?: true;
      /** What the option `publicData` picks; absent without it. */
      readonly data?: Partial<Data> | null;
    };

const warned = new WeakSet<object>();

/** Says of a session what a page may know. */
export function publicSessionOf<Data>(
  settings: Settings<Data>,
  session: Session<Data> | null,
  reauthNeeded: boolean,
): PublicSession<Data> {
  if (session === null) return { loggedIn: false };
  const { id, provider, clientId, scope, expiresAt, authorizedAt, reauthDueAt, createdAt } = session;
  return {
    loggedIn: true,
    id,
    ...(provider === null ? {} : { provider }),
    clientId,
    scope,
    expiresAt: expiresAt?.toISOString() ?? null,
    authorizedAt: authorizedAt.toISOString(),
    reauthDueAt: reauthDueAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    ...(reauthNeeded ? { reauthNeeded } : {}),
    ...dataOf(settings, session),
  };
}

function dataOf<Data>(settings: Settings<Data>, { data }: Session<Data>): { readonly data?: Partial<Data> | null } {
  if (settings.publicData === null) return {};
  const picked = readSessionData(settings.publicData(data) ?? null, "publicData");
  const octets = new TextEncoder().encode(JSON.stringify(picked)).length;
  if (octets <= mostPublicData) return { data: picked as Partial<Data> | null };
  if (!warned.has(settings)) {
    warned.add(settings);
    const message = `publicData gave a page ${octets} octets, and ${mostPublicData} are the limit: it got none of them.`;
    settings.emit({ type: "set-up.warning", code: "public_data_too_large", message });
  }
  return { data: null };
}
