import { createSealer, type Sealer } from "@pixy/grants";
import { attemptLife } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import { hasLoginError } from "../web/login-error.ts";
import { readQuery } from "../web/query.ts";
import type { ReturnPath } from "../web/return-path.ts";
import type { Handle } from "./handle.ts";
import { loginUrlOf } from "./login-url.ts";

/** Characters of a sealed scope: some 80 scopes, and few for a stranger to have us open. */
const longest = 4_096;

/** What to ask of somebody who lacks a scope, at the client that the login is of. */
export interface Wanted {
  readonly scope: readonly string[];
  readonly clientId?: string;
}

/** What is missing of a scope; `wanted` is `null` where the person was asked for it already, and would be asked for ever. */
export async function missingOf<Data>(
  settings: Settings<Data>,
  handle: Handle<Data>,
  scope: readonly string[],
  url: string,
): Promise<{ readonly missing: readonly string[]; readonly wanted: Wanted | null }> {
  const { asked, granted } = await handle.scopes();
  const missing = scope.filter((item) => !granted.includes(item));
  if (missing.every((item) => asked.includes(item)) || hasLoginError(url)) return { missing, wanted: null };
  const { clientId, provider } = handle;
  // The union: a provider may grant exactly what is asked for.
  const usual = settings.way(provider)?.scope ?? [];
  const all = [...new Set([...usual, ...granted, ...scope])];
  return { missing, wanted: { scope: all, ...(clientId === undefined ? {} : { clientId }) } };
}

/**
 * The path of the login route that asks for a missing scope, for a page that can set no cookies; `null` where the person was
 * asked already, or for more than fits. What it asks for is sealed with the session and its provider: nobody else has an app
 * ask for more than it wants, and nobody has it ask somebody else.
 */
export async function stepUpPath<Data>(
  settings: Settings<Data>,
  handle: Handle<Data>,
  scope: readonly string[],
  returnTo: ReturnPath,
): Promise<string | null> {
  const { wanted } = await missingOf(settings, handle, scope, returnTo);
  if (wanted === null) return null;
  const { provider } = handle;
  const session = (await handle.session())?.id ?? "";
  const sealed = await sealerOf(settings).seal(
    { wanted, provider, session },
    { expiresAt: settings.now() + attemptLife },
  );
  // What would not be read would be asked for ever.
  if (sealed.length > longest) return null;
  return `${loginUrlOf(settings, { provider, returnTo })}&scope=${sealed}`;
}

/** What the session of a request was sealed to be asked for at this provider; nothing where it was not, or long ago. */
export async function wantedOf<Data>(
  settings: Settings<Data>,
  handle: Handle<Data>,
  provider: string | null,
): Promise<Partial<Wanted>> {
  const given = readQuery(handle.request.url).getAll("scope");
  const [sealed = ""] = given;
  if (given.length !== 1 || sealed.length > longest) return {};
  const opened = await sealerOf(settings).open(sealed);
  if (!opened.ok || opened.payload.provider !== provider) return {};
  const session = await handle.session();
  return session !== null && session.id === opened.payload.session ? opened.payload.wanted : {};
}

/** What is sealed: what to ask, and whom. */
interface SealedWanted {
  readonly wanted: Wanted;
  readonly provider: string | null;
  readonly session: string;
}

function sealerOf<Data>({ secrets, cookies, now }: Settings<Data>): Sealer<SealedWanted> {
  return createSealer({ secrets, purpose: "login", context: ["scope", cookies.attempt], now });
}
