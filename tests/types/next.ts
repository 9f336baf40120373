import type { Grants } from "@pixy/grants";
import { type Pixy, type PixyOptions, pixy, type SessionOf } from "@pixy/next";
import { Scopes, spotify } from "@pixy/providers/spotify";

const auth = pixy(() => ({
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: "",
  scope: [Scopes.UserReadPrivate],
  onLogin: async ({ fetch }) => ({ name: await (await fetch("/v1/me")).text(), visits: 1 }),
}));

export async function page(): Promise<readonly unknown[]> {
  const session = await auth.session();
  // @ts-expect-error: nobody may be signed in.
  const early: string = session.data.name;
  const name: string | undefined = session?.data.name;
  // @ts-expect-error: a typo.
  const typo = session?.data.nmae;
  const handle = await auth.of();
  // @ts-expect-error: who may be signed out has no token.
  const stolen = await handle.accessToken();
  return [early, name, typo, stolen];
}

export async function guardedPage(): Promise<readonly unknown[]> {
  const login = await auth.requireLogin({ returnTo: "/me" });
  const token: string = await login.accessToken();
  const visits: number = login.current.data.visits;
  // @ts-expect-error: a typo.
  const typo = login.current.data.vists;
  return [token, visits, typo];
}

export const GET: unknown = auth.route(async (_request, login, context: { params: Promise<{ id: string }> }) => {
  const { id } = await context.params;
  // @ts-expect-error: a typo.
  return Response.json({ id, name: login.current.data.nmae });
});

export const rename: unknown = auth.action(async (login, form: FormData) => {
  const name: string = login.current.data.name;
  // @ts-expect-error: a typo.
  return [name, form.get("name"), login.current.data.nmae];
});

// @ts-expect-error: a misspelt option.
pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "", scopes: [] });

const given: PixyOptions = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" };
export const unnamed: Pixy = auth;
export const show = (session: SessionOf<typeof auth>): number => session.data.visits;
// @ts-expect-error: a typo.
export const typo = (session: SessionOf<typeof auth>): number => session.data.vists;
// @ts-expect-error: data that nothing fills.
pixy<{ a: 1 }>({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
// @ts-expect-error: a Date becomes text.
pixy(() => ({ ...given, onLogin: () => ({ at: new Date() }) }));

const several = pixy({
  providers: { google: { provider: spotify, clientId: "a" }, github: { provider: spotify, clientId: "b" } },
  baseUrl: "https://app.example",
  secret: "",
});
export const whose = several.route(async (_request, login) => {
  const key: "google" | "github" = login.current.provider;
  const same: "google" | "github" | undefined = (await several.session())?.provider;
  // @ts-expect-error: none of the keys.
  await several.login({ provider: "facebook" });
  return Response.json({ key, same });
});

// The keys are the same where the registrations come from grants.
const shared = pixy(() => ({
  grants: {} as Grants,
  providers: { google: { scope: ["email"] }, github: { label: "GitHub" } },
  baseUrl: "https://app.example",
}));
export const connect = shared.route(async (request, login) => {
  const key: "google" | "github" = login.current.provider;
  return shared.connect(request, { owner: "user-42", provider: key });
});
