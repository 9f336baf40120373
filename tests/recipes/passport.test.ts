import { pixy } from "@pixy/express";
import { spotify } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, createUserAgent, type UserAgent } from "@pixy/testing";
import express, { type Express, type RequestHandler } from "express";
import session from "express-session";
import { Passport, Strategy } from "passport";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { secret } from "../lib/web-app.ts";

/** Lets in whoever gives a name: what a strategy checks is not the point here. */
class NameStrategy extends Strategy {
  override name = "name";
  override authenticate(req: Parameters<Strategy["authenticate"]>[0]): void {
    const { name } = req.query;
    if (typeof name === "string") this.success({ name });
    else this.fail(401);
  }
}

let provider: AuthorizationServer;
let browser: UserAgent;
let app: { readonly url: string; close(): Promise<void> };

beforeEach(async () => {
  provider = createAuthorizationServer({ issuer: spotify.issuer, rotation: "strict" });
  browser = createUserAgent({ fetchers: { [new URL(spotify.issuer).origin]: provider.fetch } });
  let handler: RequestHandler | Express = (_req, _res, next) => next();
  app = await listen((req, res) => (handler as Express)(req, res));
  handler = besidePassport(app.url);
});
afterEach(async () => {
  await app.close();
  expect(provider.violations).toEqual([]);
});

/** An app that logs its people in with passport, and has an account of theirs at a provider with us. */
function besidePassport(baseUrl: string): Express {
  const passport = new Passport();
  passport.use(new NameStrategy());
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));
  const auth = pixy({
    ...{ provider: spotify, clientId: "client", baseUrl, secret, name: "ours" },
    ...{ fetch: provider.fetch, onEvent: () => {} },
    onLogin: () => ({ name: "of the provider" }),
  });
  const made = express();
  made.use(session({ secret: "passport's own", resave: false, saveUninitialized: false }));
  made.use(passport.session());
  made.use("/auth", auth.routes());
  made.use(auth.middleware());
  made.get("/passport/login", passport.authenticate("name"), (_req, res) => void res.send("in"));
  made.get("/passport/logout", (req, res, next) => req.logout((error) => (error ? next(error) : res.send("out"))));
  made.get("/who", async (req, res) => {
    res.json({ passport: req.user ?? null, pixy: (await auth.of(req).session())?.data ?? null });
  });
  return made;
}

const value = async (name: string) => (await browser.cookies(app.url)).find((cookie) => cookie.name === name)?.value;
const who = async () => (await browser.call(`${app.url}/who`)).json();

it("passport with express-session and a login of ours live beside each other, each with its own cookie", async () => {
  await browser.call(`${app.url}/passport/login?name=Ada`);
  expect(await who()).toEqual({ passport: { name: "Ada" }, pixy: null });
  const theirs = await value("connect.sid");
  expect(theirs).toBeDefined();

  await browser.login(`${app.url}/auth/login?returnTo=/who`, { person: "ada" });
  expect(await who()).toEqual({ passport: { name: "Ada" }, pixy: { name: "of the provider" } });
  expect(await value("connect.sid")).toBe(theirs);

  // A logout of one leaves the other.
  const ours = await value("ours");
  await browser.call(`${app.url}/passport/logout`);
  expect(await who()).toEqual({ passport: null, pixy: { name: "of the provider" } });
  expect(await value("ours")).toBe(ours);
  await browser.call(`${app.url}/passport/login?name=Grace`);
  const anew = await value("connect.sid");
  await browser.call(`${app.url}/auth/logout`, { method: "POST", headers: { origin: app.url } });
  expect(await who()).toEqual({ passport: { name: "Grace" }, pixy: null });
  expect([await value("ours"), await value("connect.sid")]).toEqual([undefined, anew]);
});
