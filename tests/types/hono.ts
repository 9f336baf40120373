import { type AuthEnv, pixy, Scopes, spotify } from "@pixy/hono";
import { Hono } from "hono";

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
