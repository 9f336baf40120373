import { type Guard, memoryStore, type Pixy, type PixyOptions, pixy, type SessionOf } from "@pixy/express";
import type { Grants } from "@pixy/grants";
import { Scopes, spotify } from "@pixy/providers/spotify";
import express, { type RequestHandler } from "express";

const auth = pixy({
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: "",
  scope: [Scopes.UserReadPrivate],
  store: memoryStore(),
  onLogin: async ({ fetch }) => ({ name: await (await fetch("/v1/me")).text(), visits: 1 }),
});

const app = express();
app.use("/auth", auth.routes());
app.use(auth.middleware());

app.get("/", async (req, res) => {
  const handle = auth.of(req);
  const session = await handle.session();
  // @ts-expect-error: nobody may be signed in.
  res.write(session.data.name);
  const name: string | undefined = session?.data.name;
  const visits: number | undefined = session?.data.visits;
  // @ts-expect-error: a typo.
  res.write(session?.data.nmae);
  // @ts-expect-error: a session holds no token.
  res.write(session?.accessToken);
  // @ts-expect-error: who may be signed out has no token.
  res.write(await handle.accessToken());
  // @ts-expect-error: nor a current session.
  res.write(handle.current.data.name);
  const signedIn = await handle.signedIn();
  const token: string | undefined = await signedIn?.accessToken();
  res.json({ name, visits, token });
});

app.get("/me/:id", auth.requireLogin(), async (req, res) => {
  const { auth: login } = res.locals;
  const token: string = await login.accessToken();
  const name: string = login.current.data.name;
  // @ts-expect-error: a typo.
  res.write(login.current.data.nmae);
  // @ts-expect-error: not a number.
  const wrong: number = login.current.data.name;
  const id: string = req.params.id;
  // @ts-expect-error: the guard leaves the route's own parameters in place.
  res.write(req.params.identifier);
  res.json({ token, name, wrong, id });
});

app.get("/playlists", auth.requireScope(Scopes.PlaylistReadPrivate), async (_req, res) => {
  const dueAt: Date | null = res.locals.auth.reauthDueAt;
  res.json({ dueAt, data: res.locals.auth.current.data satisfies { name: string; visits: number } });
});

// @ts-expect-error: a misspelt option.
pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "", scopes: [] });
// @ts-expect-error: the secret is missing.
pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example" });
// @ts-expect-error: no scope at all guards nothing.
app.get("/nothing", auth.requireScope());

const plain = pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
app.get("/plain", plain.requireLogin(), (_req, res) => {
  const { data } = res.locals.auth.current;
  const name: string | null | undefined = data?.name;
  // @ts-expect-error: where the provider does not say who it is, there is no profile.
  res.json({ name, id: data.id });
  // @ts-expect-error: what else the provider said is not kept.
  res.json(data?.raw);
});

const listed: RequestHandler = (_req, res) => void res.json(res.locals.auth);
app.get("/listed", [auth.requireLogin(), listed]);
app.get("/listed/:id", [auth.requireScope(Scopes.UserReadPrivate), listed]);
app.use("/listed", [auth.requireLogin()], listed);

app.get("/promised", (req, res, next) => {
  auth
    .of(req)
    .session()
    .then((session) => res.json(session?.data.name), next);
});

const given: PixyOptions = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" };
export const unnamed: readonly [Pixy, Guard] = [auth, auth.requireLogin()];
export const show = (session: SessionOf<typeof auth>): string => session.data.name;
// @ts-expect-error: a typo.
export const typo = (session: SessionOf<typeof auth>): string => session.data.nmae;
// @ts-expect-error: data that nothing fills.
pixy<{ a: 1 }>({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });
// @ts-expect-error: a Date becomes text.
pixy({ ...given, onLogin: () => ({ at: new Date() }) });

const several = pixy({
  providers: { google: { provider: spotify, clientId: "a" }, github: { provider: spotify, clientId: "b" } },
  baseUrl: "https://app.example",
  secret: "",
});
app.get("/several", several.requireLogin(), (req, res) => {
  const key: "google" | "github" = res.locals.auth.current.provider;
  // @ts-expect-error: none of the keys.
  void several.login(req, res, { provider: "facebook" });
  res.json({ key });
});

// The keys are the same where the registrations come from grants.
const shared = pixy({
  grants: {} as Grants,
  providers: { google: { scope: ["email"] }, github: { label: "GitHub" } },
  baseUrl: "https://app.example",
});
app.get("/shared", shared.requireLogin(), (req, res) => {
  const key: "google" | "github" = res.locals.auth.current.provider;
  // @ts-expect-error: none of the keys.
  void shared.connect(req, res, { owner: "user-42", provider: "facebook" });
  res.json({ key });
});
