import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { describeAdapter } from "@pixy/testing";
import fastify, { type FastifyPluginAsync, type FastifyReply, type FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { pixy } from "./pixy.ts";

/** The user of the app itself. */
const userOf = ({ headers }: FastifyRequest) => /(?:^|; )user=([\w-]+)/.exec(headers.cookie ?? "")?.[1] ?? null;

describeAdapter(
  { describe, it },
  {
    name: "Fastify, the example of the guide",
    connects: true,
    headerOf: (request: FastifyRequest, name) => String(request.headers[name]),
    async start(...instances) {
      const app = fastify({ forceCloseConnections: true });
      for (const options of instances) {
        const { grants } = options;
        const auth = pixy(grants === undefined ? options : { ...options, ownerOf: userOf });
        const prefix = new URL(options.baseUrl).pathname.replace(/\/$/, "");
        const fetching = (path: string) => async (request: FastifyRequest, reply: FastifyReply) => {
          const answer = await auth.of(request).fetch(path);
          return reply.status(answer.status).send(await answer.json());
        };
        const routes: FastifyPluginAsync = async (part) => {
          auth.routes(part);
          part.addContentTypeParser("application/x-www-form-urlencoded", (_request, _body, done) => done(null));
          part.get("/public", async () => ({ ok: true }));
          const named = async (request: FastifyRequest) => ({
            name: (await auth.of(request).session())?.data.name ?? null,
          });
          part.get("/", named);
          part.get("/own-cache", async (request, reply) => {
            reply.header("cache-control", "public, max-age=60, no-transform");
            return named(request);
          });
          part.post("/connect", (request, reply) =>
            auth.connect(request, reply, { owner: userOf(request), returnTo: `${prefix}/connected` }),
          );
          part.get("/connected", async (request) => {
            const owner = userOf(request);
            return { connected: owner !== null && (await grants?.has({ owner })) };
          });
          part.get("/me", { preHandler: auth.requireLogin() }, fetching("/v1/me"));
          const playlists = auth.requireScope("playlist-read-private");
          part.get("/playlists", { preHandler: playlists }, fetching("/v1/me/playlists"));
          part.get("/unguarded", fetching("/v1/me"));
          part.get("/streaming", (request, reply) => {
            const stream = new PassThrough();
            const asked = auth.of(request).fetch("/v1/me");
            asked.then(
              ({ status }) => stream.end(String(status)),
              (error) => stream.end(error.code),
            );
            reply.send(stream);
          });
          part.get("/own-cookie", async (request, reply) => {
            reply.header("set-cookie", "own=1; Path=/").header("vary", "Accept");
            return fetching("/v1/me")(request, reply);
          });
        };
        app.register(routes, { prefix });
      }
      return { url: await app.listen({ host: "127.0.0.1", port: 0 }), close: async () => void (await app.close()) };
    },
  },
);

it("is the code that the guide shows", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const blocks = read("../../../docs/writing-an-adapter.md").matchAll(/```ts\n([\s\S]*?)```/g);
  expect([...blocks].map(([, code]) => code)).toContain(read("./pixy.ts"));
});
