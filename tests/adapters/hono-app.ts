import { type AuthEnv, pixy } from "@pixy/hono";
import type { PixyOptions } from "@pixy/server";
import type { AdapterProfile } from "@pixy/testing";
import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { streamText } from "hono/streaming";

const fetching = (path: string) => async (c: { readonly var: AuthEnv<AdapterProfile>["Variables"] }) => {
  const answer = await c.var.auth.fetch(path);
  return new Response(answer.body, { status: answer.status, headers: { "content-type": "application/json" } });
};

const codeOf = (error: { readonly code: string }) => error.code;

/** The user of the app itself. */
const userOf = (c: Context) => getCookie(c, "user") || null;

/** The contract's app on Hono. */
export function createHonoApp(instances: readonly PixyOptions<AdapterProfile>[]): Hono {
  const app = new Hono({ strict: false });
  for (const options of instances) {
    const { grants } = options;
    const auth = pixy(grants === undefined ? options : { ...options, ownerOf: userOf });
    const base = new URL(options.baseUrl).pathname;
    const routes = new Hono<AuthEnv<AdapterProfile>>();
    routes.get("/public", (c) => c.json({ ok: true }));
    routes.route("/auth", auth.routes());
    routes.use(auth.middleware());
    routes.get("/", async (c) => c.json({ name: (await c.var.auth.session())?.data.name ?? null }));
    routes.get("/own-cache", async (c) => {
      const name = (await c.var.auth.session())?.data.name ?? null;
      return c.json({ name }, 200, { "cache-control": "public, max-age=60, no-transform" });
    });
    routes.post("/connect", (c) => auth.connect(c, { owner: userOf(c), returnTo: `${base}/connected` }));
    routes.get("/connected", async (c) => {
      const owner = userOf(c);
      return c.json({ connected: owner !== null && (await grants?.has({ owner })) });
    });
    routes.get("/me", auth.requireLogin(), fetching("/v1/me"));
    routes.get("/playlists", auth.requireScope("playlist-read-private"), fetching("/v1/me/playlists"));
    routes.get("/unguarded", fetching("/v1/me"));
    routes.get("/streaming", (c) =>
      streamText(c, async (stream) => {
        const asked = c.var.auth.fetch("/v1/me");
        await stream.write(await asked.then(({ status }) => String(status), codeOf));
      }),
    );
    routes.get("/own-cookie", auth.requireLogin(), async (c) => {
      const answer = await fetching("/v1/me")(c);
      answer.headers.set("set-cookie", "own=1; Path=/");
      answer.headers.set("vary", "Accept");
      return answer;
    });
    app.route(base, routes);
  }
  return app;
}
