import type { Grants } from "@pixy/grants";
import { type AuthEnv, type Pixy, type PixyOptions, pixy, type SessionOf } from "@pixy/hono";
import { Scopes, spotify } from "@pixy/providers/spotify";
import { Hono } from "hono";
import { hc } from "hono/client";

interface Bindings {
  readonly SESSION_SECRET: string;
}

interface Data {
  readonly name: string;
  readonly visits: number;
}

const auth = pixy((env: Bindings) => ({
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: env.SESSION_SECRET,
  scope: [Scopes.UserReadPrivate],
  onLogin: async ({ fetch }) => ({ name: await (await fetch("/v1/me")).text(), visits: 1 }),
}));

const app = new Hono();
app.route("/auth", auth.routes());
app.use(auth.middleware());

app.get("/", auth.middleware(), async (c) => {
  const session = await c.var.auth.session();
  // @ts-expect-error: nobody may be signed in.
  c.header("x-name", session.data.name);
  const name: string | undefined = session?.data.name;
  // @ts-expect-error: a typo.
  c.header("x-name", session?.data.nmae);
  // @ts-expect-error: who may be signed out has no token.
  c.header("x-token", await c.var.auth.accessToken());
  const same: Data | undefined = (await auth.of(c).session())?.data;
  // @ts-expect-error: nor by the other way to the handle.
  c.header("x-token", await auth.of(c).accessToken());
  return c.json({ name, same });
});

app.get("/me", auth.requireLogin(), async (c) => {
  const token: string = await c.var.auth.accessToken();
  const name: string = c.var.auth.current.data.name;
  // @ts-expect-error: a typo.
  c.header("x-name", c.var.auth.current.data.nmae);
  // @ts-expect-error: not a number.
  const wrong: number = c.var.auth.current.data.name;
  return c.json({ token, name, wrong });
});

const declared = new Hono<AuthEnv<Data>>();
declared.use(auth.middleware());
declared.get("/", async (c) => {
  const visits: number | undefined = (await c.var.auth.session())?.data.visits;
  // @ts-expect-error: a typo.
  c.header("x-visits", String((await c.var.auth.session())?.data.vists));
  return c.json({ visits });
});

// @ts-expect-error: a misspelt option.
pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "", scopes: [] });

// What Hono knows of `c.var` comes from the chain, so that `use` is part of it.
const chained = new Hono().use(auth.middleware()).get("/", async (c) => {
  const session = await c.var.auth.session();
  // @ts-expect-error: a typo.
  return c.json({ visits: session?.data.visits, typo: session?.data.vists });
});
export const guarded = chained.use("/me", auth.requireLogin()).get("/me", (c) => c.json(c.var.auth));

const given: PixyOptions = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" };
export const unnamed: Pixy = auth;
export const bare = new Hono<AuthEnv>().get("/", (c) => c.json({ url: c.var.auth.request.url }));
export const show = (session: SessionOf<typeof auth>): number => session.data.visits;
// @ts-expect-error: a typo.
export const typo = (session: SessionOf<typeof auth>): number => session.data.vists;
// @ts-expect-error: data that nothing fills.
pixy<{ a: 1 }>({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
// @ts-expect-error: a Date becomes text.
pixy({ ...given, onLogin: () => ({ at: new Date() }) });

const several = pixy({
  providers: { google: { provider: spotify, clientId: "a" }, github: { provider: spotify, clientId: "b" } },
  baseUrl: "https://app.example",
  secret: "",
});
const bound = pixy((bindings: { readonly ID: string }) => ({
  providers: { google: { provider: spotify, clientId: bindings.ID }, github: { provider: spotify, clientId: "b" } },
  baseUrl: "https://app.example",
  secret: "",
}));
// The keys are the same where the registrations come from grants.
const shared = pixy({
  grants: {} as Grants,
  providers: { google: { scope: ["email"] }, github: { label: "GitHub" } },
  baseUrl: "https://app.example",
});
for (const login of [several, bound, shared]) {
  new Hono().get("/several", login.requireLogin(), (c) => {
    const key: "google" | "github" = c.var.auth.current.provider;
    // @ts-expect-error: none of the keys.
    void login.login(c, { provider: "facebook" });
    return c.json({ key });
  });
}

// What Hono's client knows of a route goes through the guards: the JSON of the handler, not that of an answer of theirs.
const api = new Hono()
  .use(auth.middleware())
  .get("/who", auth.requireLogin(), (c) => c.json({ name: c.var.auth.current.data.name, visits: 1 }))
  .get("/playlists", auth.requireScope("playlist-read-private"), async (c) =>
    c.json({ token: await c.var.auth.accessToken() }),
  );
const client = hc<typeof api>("https://app.example");
export async function throughGuards(): Promise<readonly [string, number, string]> {
  const { name, visits } = await (await client.who.$get()).json();
  const { token } = await (await client.playlists.$get()).json();
  // @ts-expect-error: a typo.
  const typo = (await (await client.who.$get()).json()).nmae;
  // @ts-expect-error: a number.
  const wrong: string = visits;
  // @ts-expect-error: no such route.
  client.whom.$get();
  return [name, visits, token ?? `${typo}${wrong}`];
}
