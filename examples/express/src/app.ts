import { setTimeout as wait } from "node:timers/promises";
import { pixy, type RecordStore } from "@pixy/express";
import { Scopes } from "@pixy/providers/spotify";
import type { Environment } from "example-shared/environment";
import { renderHomePage } from "example-shared/page";
import { type Answer, failureAnswer, readProviderAnswer } from "example-shared/provider-answer";
import express, { type ErrorRequestHandler, type Express, type Response as ExpressResponse, Router } from "express";

/** Makes the app; it listens nowhere yet. */
export function createApp(
  { provider, clientId, baseUrl, basePath, secret }: Environment,
  store: RecordStore | undefined,
): Express {
  const auth = pixy({
    provider,
    clientId,
    baseUrl,
    secret,
    store,
    name: "pixy-express",
    longestPause: 10,
    scope: [Scopes.UserReadPrivate],
    async onLogin(login) {
      const { name, id } = await login.profile();
      return { displayName: name ?? id };
    },
    publicData: ({ displayName }) => ({ displayName }),
  });

  const routes = Router();
  routes.get("/public", (_req, res) => void res.json({ ok: true }));
  routes.use("/auth", auth.routes());
  routes.use(auth.middleware());

  routes.get("/", async (req, res) => {
    const session = await auth.of(req).session();
    const visitor = session && { ...session, displayName: session.data.displayName };
    const loginError = typeof req.query.auth_error === "string" ? req.query.auth_error : null;
    res.send(renderHomePage({ framework: "Express", basePath, visitor, loginError, now: Date.now() }));
  });

  routes.get("/me", auth.requireLogin(), async (_req, res) => {
    send(res, await readProviderAnswer(await res.locals.auth.fetch("/v1/me")));
  });

  routes.get("/playlists", auth.requireScope(Scopes.PlaylistReadPrivate), async (_req, res) => {
    send(res, await readProviderAnswer(await res.locals.auth.fetch("/v1/me/playlists")));
  });

  routes.get("/slow", auth.requireLogin(), async (req, res) => {
    await wait(Math.min(Math.max(Number(req.query.ms) || 0, 0), 10_000));
    send(res, await readProviderAnswer(await res.locals.auth.fetch("/v1/me")));
  });

  routes.use(auth.errorHandler(), lastResort);

  const app = express();
  app.disable("x-powered-by");
  app.use(basePath || "/", routes);
  return app;
}

const lastResort: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  send(res, failureAnswer(error));
};

function send(res: ExpressResponse, { status, body, headers }: Answer): void {
  res.status(status).set(headers).json(body);
}
