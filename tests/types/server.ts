import type { Grants } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import {
  type Auth,
  createAuth,
  type IncomingRequest,
  type PixyOptions,
  type RequestHandle,
  type Session,
  type SessionOf,
  type Settings,
  type SignedIn,
  type Verdict,
} from "@pixy/server";

const auth = createAuth({
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: "",
  onLogin: () => ({ name: "Ada" }),
});

export async function handle(request: Request): Promise<readonly unknown[]> {
  const opened = auth.open({ method: request.method, url: request.url, header: (name) => request.headers.get(name) });
  // @ts-expect-error: who may be signed out has no token.
  const early = await opened.accessToken();
  const verdict = await auth.requireLogin(opened);
  // @ts-expect-error: the verdict may be an answer to send.
  const unchecked = verdict.current;
  if (verdict instanceof Response) return [verdict, early, unchecked];
  const login: SignedIn<{ name: string }> = verdict;
  const token: string = await login.accessToken();
  // @ts-expect-error: a typo.
  const typo = login.current.data.nmae;
  return [token, typo];
}

const given: PixyOptions = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" };
export const unnamed: readonly [Auth, Settings] = [auth, auth.settings];
export const verdicts: readonly Verdict[] = [auth.requireLogin(auth.open(incoming()))];
createAuth({ ...given, onLogin: () => ({ any: "data" }) });

declare function incoming(): IncomingRequest;

/** Takes every session and handle, whatever is in them. */
export async function anybody(handle: RequestHandle, login: SignedIn, session: Session): Promise<unknown> {
  const same: SessionOf<typeof auth> | null = await auth.open(incoming()).session();
  const name: string | undefined = same?.data.name;
  // @ts-expect-error: a typo.
  const typo = same?.data.nmae;
  const data: unknown = session.data;
  return [handle.request, login.current, data, name, typo];
}

// @ts-expect-error: `settings` has no secrets to log.
export const secrets: unknown = auth.settings.secrets;

interface Account {
  readonly name: string;
  readonly nick?: string | undefined;
  readonly roles: readonly { readonly id: number; readonly since: string | null }[];
}
declare const account: Account;
createAuth<Account>({ ...given, onLogin: () => account });
createAuth({ ...given, onLogin: async () => account }) satisfies Auth<Account>;
// @ts-expect-error: a login of accounts that nothing fills.
createAuth<Account>({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
// @ts-expect-error: nor by name.
export const empty: PixyOptions<Account> = given;
// @ts-expect-error: without `onLogin` there is a profile, and not nothing.
createAuth<undefined>(given);
// @ts-expect-error: nor an account that may be missing.
createAuth<Account | undefined>(given);
createAuth<undefined>({ ...given, publicData: undefined, onLogin: () => undefined });
// @ts-expect-error: a Date becomes text.
createAuth({ ...given, onLogin: () => ({ createdAt: new Date() }) });
// @ts-expect-error: deep in a list, too.
createAuth({ ...given, onLogin: async () => ({ user: { logins: [{ at: new Date() }] } }) });
// @ts-expect-error: a Map becomes nothing.
createAuth({ ...given, onLogin: () => new Map([["a", 1]]) });
// @ts-expect-error: a Set, too.
createAuth({ ...given, onLogin: () => ({ roles: new Set(["admin"]) }) });
// @ts-expect-error: JSON has no BigInt.
createAuth({ ...given, onLogin: () => ({ id: 1n }) });
// @ts-expect-error: a function is lost.
createAuth({ ...given, onLogin: () => ({ run: () => 1 }) });

const several = createAuth({
  providers: { google: { provider: spotify, clientId: "a" }, github: { provider: async () => spotify, clientId: "b" } },
  baseUrl: "https://app.example",
  secret: "",
  onLogin: ({ provider }) => ({ from: provider }),
});

/** The keys of the providers are the type of a session's. */
export async function keys(): Promise<readonly unknown[]> {
  const session = await several.open(incoming()).requireSession();
  const key: "google" | "github" = session.provider;
  // @ts-expect-error: none of the keys.
  const none = session.provider === "facebook";
  // @ts-expect-error: none of the keys either.
  await several.login(several.open(incoming()), { provider: "facebook" });
  const only = await auth.open(incoming()).requireSession();
  const nothing: null = only.provider;
  const same: "google" | "github" | undefined = (await several.open(incoming()).session())?.provider;
  const theirs = {} as SessionOf<typeof several>["provider"];
  const again: "google" | "github" = theirs;
  return [key, none, nothing, same, again, several satisfies Auth<{ from: string | null }>];
}
// @ts-expect-error: one provider or several.
createAuth({ ...given, providers: { google: { provider: spotify, clientId: "a" } } });
// @ts-expect-error: a provider has a client id.
createAuth({ baseUrl: "https://app.example", secret: "", providers: { google: { provider: spotify } } });
// @ts-expect-error: a provider is needed.
createAuth({ baseUrl: "https://app.example", secret: "" });

/** A login that may be refused is no part of the data, and without `onLogin` the data is the person. */
export async function refused(): Promise<readonly unknown[]> {
  const picky = createAuth({
    ...given,
    onLogin: async (login) => (login.clientId ? { name: "Ada" } : login.refuse("no")),
  });
  const data: { name: string } = (await picky.open(incoming()).requireSession()).data;
  const plain = createAuth({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
  const person = (await plain.open(incoming()).requireSession()).data;
  const id: string | undefined = person?.id;
  // @ts-expect-error: nobody may be known.
  return [data, id, person.name, picky satisfies Auth<{ name: string }>];
}

// What an answer was kept of is JSON, whole and in parts.
export const org = createAuth({
  ...{ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" },
  onLogin: ({ kept }) => ({ id: kept.id ?? null, kept }),
});

/** With grants the keys are those of `providers`, which name what is asked for at each, and nothing that grants have. */
export async function shared(): Promise<readonly unknown[]> {
  const grants = {} as Grants;
  const auth = createAuth({
    ...{ grants, baseUrl: "https://app.example", onLogin: () => ({ name: "Ada" }) },
    providers: { google: { scope: ["email"] }, github: {} },
  });
  const { provider, data } = await auth.open(incoming()).requireSession();
  const key: "google" | "github" = provider;
  const only = createAuth({ grants, baseUrl: "https://app.example", scope: ["email"] });
  const nothing: null = (await only.open(incoming()).requireSession()).provider;
  // @ts-expect-error: it is said inside each of them.
  createAuth({ grants, baseUrl: "https://app.example", scope: ["email"], providers: { google: {} } });
  // @ts-expect-error: the client is the grants'.
  createAuth({ grants, baseUrl: "https://app.example", providers: { google: { clientId: "a" } } });
  // @ts-expect-error: the secret is the grants'.
  createAuth({ grants, baseUrl: "https://app.example", secret: "", providers: { google: {} } });
  return [key, nothing, data.name, auth satisfies Auth<{ name: string }>];
}
