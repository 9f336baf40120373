import { setTimeout as wait } from "node:timers/promises";
import { Scopes } from "@pixy/providers/spotify";
import { memoryStore } from "@pixy/server";
import type { Environment } from "example-shared/environment";
import { renderHomePage } from "example-shared/page";
import { type Answer, failureAnswer, readProviderAnswer } from "example-shared/provider-answer";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { pixy } from "./pixy.ts";

/** Makes the app; it listens nowhere yet. */
export function createApp({ provider, clientId, baseUrl, basePath, secret, store }: Environment): FastifyInstance {
  const auth = pixy({
    provider,
    clientId,
    baseUrl,
    secret,
    ...(store === "memory" ? { store: memoryStore() } : {}),
    name: "pixy-fastify",
    longestPause: 10,
    scope: [Scopes.UserReadPrivate],
    async onLogin(login) {
      const { name, id } = await login.profile();
      return { displayName: name ?? id };
    },
  });
  const answerOf = (path: string) => async (request: FastifyRequest, reply: FastifyReply) =>
    send(reply, await readProviderAnswer(await auth.of(request).fetch(path)));

  const app = fastify({ forceCloseConnections: "idle" });
  app.setErrorHandler((error, _request, reply) => send(reply, failureAnswer(error)));
  app.register(
    async (part) => {
      auth.routes(part);
      part.get("/public", async () => ({ ok: true }));

      part.get<{ Querystring: { auth_error?: unknown } }>("/", async (request, reply) => {
        const session = await auth.of(request).session();
        const visitor = session && { ...session, displayName: session.data.displayName };
        const { auth_error: error } = request.query;
        const loginError = typeof error === "string" ? error : null;
        const home = { framework: "Fastify", basePath, visitor, loginError, now: Date.now() };
        return reply.type("text/html; charset=utf-8").send(renderHomePage(home));
      });

      part.get("/me", { preHandler: auth.requireLogin() }, answerOf("/v1/me"));
      const playlists = auth.requireScope(Scopes.PlaylistReadPrivate);
      part.get("/playlists", { preHandler: playlists }, answerOf("/v1/me/playlists"));
      part.get<{ Querystring: { ms?: string } }>(
        "/slow",
        { preHandler: auth.requireLogin() },
        async (request, reply) => {
          await wait(Math.min(Math.max(Number(request.query.ms) || 0, 0), 10_000));
          return answerOf("/v1/me")(request, reply);
        },
      );
    },
    { prefix: basePath },
  );
  return app;
}

function send(reply: FastifyReply, { status, body, headers }: Answer): FastifyReply {
  return reply
    .status(status)
    .headers({ ...headers })
    .send(body);
}
