import * as adapter from "@pixy/express";
import { issueSession } from "@pixy/server";
import cookieSession from "cookie-session";
import type { Express } from "express";
import openid from "express-openid-connect";
import { getIronSession } from "iron-session";
import { type Contender, nameOf, type Setting, secret, tokens } from "./contender.ts";
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
  return app()
    .use(cookieSession({ name: "session", keys: [secret], httpOnly: true }))
    .get("/enter", (req, res) => {
      req.session = { name: personOf(req), tokens };
      res.end();
    })
    .get("/me", (req, res) => {
      if (req.session?.isNew !== false) res.status(401).end();
      else res.json(body(req.session.name));
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

export const contenders: Readonly<Record<string, Contender>> = {
  bare,
  "(nothing but a cookie of 1 kB and two headers)": floor,
  "@pixy/express, cookie": ours(library),
  "@pixy/express, memory": ours(library, { store: adapter.memoryStore() }),
  "cookie-session (signed only)": signedCookie,
  "iron-session": ironSession,
  "express-openid-connect": openidConnect,
};
