import { encode } from "@auth/core/jwt";
import Credentials from "@auth/core/providers/credentials";
import { type ExpressAuthConfig, getSession } from "@auth/express";
import * as adapter from "@pixy/express";
import { postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { issueSession } from "@pixy/server";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { fromNodeHeaders } from "better-auth/node";
import { RedisStore } from "connect-redis";
import cookieSession from "cookie-session";
import type { Express } from "express";
import openid from "express-openid-connect";
import session from "express-session";
import { getIronSession } from "iron-session";
import { Client, Pool } from "pg";
import { createClient } from "redis";
import { type Contender, type Listener, nameOf, type Setting, secret, tokens } from "./contender.ts";
import { app, ours, personOf } from "./our-express.ts";

const library = { ...adapter, issueSession };

function bare({ body }: Setting): Express {
  return app().get("/me", (_req, res) => {
    res.json(body(nameOf(0)));
  });
}

/** What any session in a cookie pays at least: the header of its length, a middleware, and the two headers of an answer that is private. */
function floor({ body }: Setting): Express {
  return app()
    .get("/enter", (_req, res) => {
      res.setHeader("set-cookie", `floor=${"x".repeat(920)}`).end();
    })
    .get(
      "/me",
      (req, res, next) => {
        if (req.headers.cookie === undefined) {
          res.status(401).end();
          return;
        }
        res.setHeader("cache-control", "private, no-store");
        res.setHeader("vary", "Cookie");
        next();
      },
      (_req, res) => {
        res.json(body(nameOf(0)));
      },
    );
}

function ironSession({ body }: Setting): Express {
  interface Data {
    name?: string;
    tokens?: typeof tokens;
  }
  const options = { password: secret, cookieName: "iron", cookieOptions: { secure: false } };
  return app()
    .get("/enter", async (req, res) => {
      const session = await getIronSession<Data>(req, res, options);
      Object.assign(session, { name: personOf(req), tokens });
      await session.save();
      res.end();
    })
    .get("/me", async (req, res) => {
      const { name } = await getIronSession<Data>(req, res, options);
      if (name === undefined) res.status(401).end();
      else res.json(body(name));
    });
}

function signedCookie({ body }: Setting): Express {
  // The types of express-session say that a session is theirs.
  const own = (req: unknown) => req as { session: { name?: string; tokens?: typeof tokens; isNew?: boolean } };
  return app()
    .use(cookieSession({ name: "session", keys: [secret], httpOnly: true }))
    .get("/enter", (req, res) => {
      own(req).session = { name: personOf(req), tokens };
      res.end();
    })
    .get("/me", (req, res) => {
      const { isNew, name = "" } = own(req).session;
      if (isNew !== false) res.status(401).end();
      else res.json(body(name));
    });
}

function openidConnect({ body, origin, issuer }: Setting): Express {
  return app()
    .use(
      openid.auth({
        issuerBaseURL: issuer,
        baseURL: origin,
        clientID: "bench",
        clientSecret: secret,
        secret,
        authRequired: false,
        authorizationParams: { response_type: "code", scope: "openid profile offline_access" },
        session: { cookie: { secure: false } },
      }),
    )
    .get("/enter", (req, res) => res.oidc.login({ returnTo: "/", authorizationParams: { login_hint: personOf(req) } }))
    .get("/me", openid.requiresAuth(), (req, res) => {
      res.json(body(req.oidc.user?.name));
    });
}

/** A session in an encrypted cookie, as `getSession` of its guide reads it; made by the library's own `encode`. */
function authJs({ body }: Setting): Express {
  const config: ExpressAuthConfig = { secret, trustHost: true, providers: [Credentials({})], logger: silent };
  const salt = "authjs.session-token";
  return app()
    .get("/enter", async (req, res) => {
      const token = { sub: "ada", name: personOf(req), email: "ada@app.example", ...tokens };
      res.setHeader("set-cookie", `${salt}=${await encode({ token, secret, salt })}`).end();
    })
    .get("/me", async (req, res) => {
      const found = await getSession(req, config);
      if (found === null) res.status(401).end();
      else res.json(body(found.user?.name ?? ""));
    });
}

const silent = { error() {}, warn() {}, debug() {} };

/** Sessions in its in-memory adapter, in front of them the cookie cache that its documentation recommends for speed. */
function better({ body, origin }: Setting): Express {
  const auth = betterAuth({
    secret,
    baseURL: origin,
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true, password: { hash: async (text) => text, verify: async () => true } },
    session: { cookieCache: { enabled: true, maxAge: 3600 } },
    rateLimit: { enabled: false },
    logger: { disabled: true },
  });
  return app()
    .get("/enter", async (req, res) => {
      const name = personOf(req);
      const email = `${name.replaceAll(" ", ".")}@app.example`;
      const answer = await auth.api.signUpEmail({
        body: { name, email, password: secret.slice(0, 32) },
        asResponse: true,
      });
      for (const line of answer.headers.getSetCookie()) res.appendHeader("set-cookie", line);
      res.end();
    })
    .get("/me", async (req, res) => {
      const found = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) });
      if (found === null) res.status(401).end();
      else res.json(body(found.user.name));
    });
}

async function oursInRedis(setting: Setting): Promise<Listener> {
  const client = await createClient({ url: process.env.REDIS_URL ?? "" }).connect();
  return ours(library, { store: redisStore(client) })(setting);
}

async function oursListening(setting: Setting): Promise<Listener> {
  const client = await createClient({ url: process.env.REDIS_URL ?? "" }).connect();
  const subscriber = await client.duplicate().connect();
  return ours(library, { store: redisStore(client, { subscriber }) })(setting);
}

function oursInPostgres(setting: Setting): Listener | Promise<Listener> {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
  return ours(library, { store: postgresStore({ pool }) })(setting);
}

function oursHearingPostgres(setting: Setting): Listener | Promise<Listener> {
  const connectionString = process.env.DATABASE_URL;
  const listenWith = () => new Client({ connectionString });
  return ours(library, { store: postgresStore({ pool: new Pool({ connectionString }), listenWith }) })(setting);
}

async function expressSession({ body }: Setting): Promise<Listener> {
  const client = await createClient({ url: process.env.REDIS_URL ?? "" }).connect();
  const store = new RedisStore({ client });
  return app()
    .use(session({ store, secret, resave: false, saveUninitialized: false }))
    .get("/enter", (req, res) => {
      Object.assign(req.session, { name: personOf(req), tokens });
      res.end();
    })
    .get("/me", (req, res) => {
      const { name } = req.session as { name?: string };
      if (name === undefined) res.status(401).end();
      else res.json(body(name));
    });
}

export const contenders: Readonly<Record<string, Contender>> = {
  bare,
  "(nothing but a cookie of 1 kB and two headers)": floor,
  "@pixy/express, cookie": ours(library),
  "@pixy/express, memory": ours(library, { store: adapter.memoryStore() }),
  "cookie-session (signed only)": signedCookie,
  "iron-session": ironSession,
  "express-openid-connect": openidConnect,
  "@auth/express": authJs,
  "better-auth, memory and cookie cache": better,
  // Need $REDIS_URL.
  "@pixy/express, Redis": oursInRedis,
  "@pixy/express, Redis and a subscriber": oursListening,
  "express-session, Redis": expressSession,
  // Need $DATABASE_URL.
  "@pixy/express, Postgres": oursInPostgres,
  "@pixy/express, Postgres that is listened to": oursHearingPostgres,
};
