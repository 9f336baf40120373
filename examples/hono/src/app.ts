import { type AuthEnv, pixy, type RecordStore } from "@pixy/hono";
import { Scopes } from "@pixy/providers/spotify";
import type { Environment } from "example-shared/environment";
import { renderHomePage } from "example-shared/page";
import { type Answer, failureAnswer, readProviderAnswer } from "example-shared/provider-answer";
import { type ErrorHandler, Hono } from "hono";

/** Makes the app; it listens nowhere yet. */
export function createApp(
  { provider, clientId, baseUrl, basePath, secret }: Environment,
  store: RecordStore | undefined,
): Hono {
  const auth = pixy({
    provider,
    clientId,
    baseUrl,
    secret,
    store,
    name: "pixy-hono",
    longestPause: 10,
    scope: [Scopes.UserReadPrivate],
    async onLogin(login) {
      const { name, id } = await login.profile();
      return { displayName: name ?? id };
    },
    publicData: ({ displayName }) => ({ displayName }),
  });

  const routes = new Hono<AuthEnv<{ displayName: string }>>();
  routes.get("/public", (c) => c.json({ ok: true }));
  routes.route("/auth", auth.routes());
  routes.use(auth.middleware());

  routes.get("/", async (c) => {
    const session = await c.var.auth.session();
    const visitor = session && { ...session, displayName: session.data.displayName };
    const loginError = c.req.query("auth_error") ?? null;
    return c.html(renderHomePage({ framework: "Hono", basePath, visitor, loginError, now: Date.now() }));
  });

  routes.get("/me", auth.requireLogin(), async (c) => {
    return send(await readProviderAnswer(await c.var.auth.fetch("/v1/me")));
  });

  routes.get("/playlists", auth.requireScope(Scopes.PlaylistReadPrivate), async (c) => {
    return send(await readProviderAnswer(await c.var.auth.fetch("/v1/me/playlists")));
  });

  routes.get("/slow", auth.requireLogin(), async (c) => {
    await wait(Math.min(Math.max(Number(c.req.query("ms")) || 0, 0), 10_000));
    return send(await readProviderAnswer(await c.var.auth.fetch("/v1/me")));
  });

  // Not strict: with a path prefix the start page is `/prefix/`.
  const app = new Hono({ strict: false });
  app.onError(auth.errorHandler(lastResort));
  app.route(basePath || "/", routes);
  return app;
}

const lastResort: ErrorHandler = (error) => send(failureAnswer(error));

function send({ status, body, headers }: Answer): Response {
  return Response.json(body, { status, headers });
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
