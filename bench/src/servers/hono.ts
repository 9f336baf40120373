import { getRequestListener } from "@hono/node-server";
import { getAuth, initOidcAuthMiddleware, processOAuthCallback } from "@hono/oidc-auth";
import { type SessionEnv, useSession } from "@hono/session";
import { memoryStore, type PixyOptions, pixy } from "@pixy/hono";
import { spotify } from "@pixy/providers/spotify";
import { issueSession } from "@pixy/server";
import { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { sign } from "hono/jwt";
import { type Contender, type Listener, nameOf, type Setting, secret, tokens } from "./contender.ts";

const listen = (app: { readonly fetch: (request: Request, env: object) => Response | Promise<Response> }): Listener =>
  getRequestListener((request, env) => app.fetch(request, env)) as Listener;

function ours(choice: Partial<PixyOptions<{ name: string }>> = {}): Contender {
  return ({ origin, body }) => {
    const options: PixyOptions<{ name: string }> = {
      provider: spotify,
      clientId: "bench",
      baseUrl: origin,
      secret,
      scope: ["user-read-private"],
      onLogin: () => ({ name: "" }),
      ...choice,
    };
    const auth = pixy(options);
    const app = new Hono();
    app.get("/enter", async (c) => {
      const data = { name: nameOf(c.req.query("person")) };
      for (const line of await issueSession(options, { tokens, data })) c.header("set-cookie", line, { append: true });
      return c.body(null);
    });
    app.get("/me", auth.requireLogin(), (c) => c.json(body(c.var.auth.current.data.name)));
    return listen(app);
  };
}

function bare({ body }: Setting): Listener {
  return listen(new Hono().get("/me", (c) => c.json(body(nameOf(0)))));
}

/** What anything pays at least that looks a cookie up and marks the answer as private. */
function floor({ body }: Setting): Listener {
  const sessions = new Map<string, string>();
  const app = new Hono();
  app.get("/enter", (c) => {
    const id = crypto.randomUUID();
    sessions.set(id, nameOf(c.req.query("person")));
    setCookie(c, "id", id);
    return c.body(null);
  });
  app.get("/me", async (c, next) => {
    if (!sessions.has(getCookie(c, "id") ?? "")) return c.body(null, 401);
    await next();
    c.res.headers.set("cache-control", "private, no-store");
    c.res.headers.append("vary", "Cookie");
    return;
  });
  app.get("/me", (c) => c.json(body(sessions.get(getCookie(c, "id") ?? "") ?? "")));
  return listen(app);
}

function session({ body }: Setting): Listener {
  const app = new Hono<SessionEnv<{ name: string; tokens: typeof tokens }>>();
  // biome-ignore lint/correctness/useHookAtTopLevel: nothing of React's.
  app.use(useSession({ secret: secret.slice(0, 32) }));
  app.get("/enter", async (c) => {
    await c.var.session.update({ name: nameOf(c.req.query("person")), tokens });
    return c.body(null);
  });
  app.get("/me", async (c) => {
    const data = await c.var.session.get();
    return data === null ? c.body(null, 401) : c.json(body(data.name));
  });
  return listen(app);
}

function oidcAuth({ body, issuer, origin }: Setting): Listener {
  const app = new Hono();
  app.use(
    initOidcAuthMiddleware({
      OIDC_AUTH_SECRET: secret,
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: "bench",
      OIDC_CLIENT_SECRET: secret,
      OIDC_REDIRECT_URI: `${origin}/callback`,
    }),
  );
  app.get("/callback", (c) => processOAuthCallback(c));
  // The cookie as the library's `updateAuth` makes it: it talks to providers over https only, so no login here.
  app.get("/enter", async (c) => {
    const now = Math.floor(Date.now() / 1000);
    const name = nameOf(c.req.query("person"));
    const claims = { sub: "ada", email: name, rtk: tokens.refreshToken, rtkexp: now + 900, ssnexp: now + 86_400 };
    setCookie(c, "oidc-auth", await sign(claims, secret, "HS256"));
    return c.body(null);
  });
  app.get("/me", async (c) => {
    const auth = await getAuth(c);
    return auth === null ? c.body(null, 401) : c.json(body(auth.email as string));
  });
  return listen(app);
}

export const contenders: Readonly<Record<string, Contender>> = {
  bare,
  "(a cookie looked up in a Map, and two headers)": floor,
  "@pixy/hono, cookie": ours(),
  "@pixy/hono, memory": ours({ store: memoryStore() }),
  "@hono/oidc-auth (signed only)": oidcAuth,
  "@hono/session": session,
};
