import {
  type AttemptAddition,
  defineProvider,
  type ProviderInput,
  type TokenCheck,
  TokenRequestError,
} from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { fromRequest, type NewLogin, type PixyEvent } from "@pixy/server";
import { createAuthorizationServer, createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebApp } from "../lib/web-app.ts";

type Steps = Partial<ProviderInput>;

/** An app whose provider has these steps, and repeats the last nonce that it was sent in each token answer. */
function world(steps: Steps = {}, wire: (request: Request) => Response | null = () => null) {
  const clock = createClock();
  const server = createAuthorizationServer({ clock, issuer: spotify.issuer });
  const events: PixyEvent[] = [];
  const logins: NewLogin[] = [];
  const sent: Request[] = [];
  const said = { nonce: "" };
  const app = createWebApp({
    clock,
    options: {
      provider: defineProvider({ ...spotify, ...steps }),
      onEvent: (event) => events.push(event),
      onLogin(login) {
        logins.push(login);
        return { name: "ada" };
      },
      async fetch(input, init) {
        const request = new Request(input, init);
        sent.push(request);
        const refusal = wire(request);
        if (refusal) return refusal;
        const answer = await server.fetch(request.clone());
        if (!request.url.endsWith("/api/token") || !answer.ok) return answer;
        return Response.json({ ...((await answer.json()) as object), nonce: said.nonce });
      },
    },
  });

  async function start(headers: Record<string, string> = {}) {
    const response = await app.auth.handle(new Request(`${app.origin}/auth/login`, { headers }));
    const url = new URL(response.headers.get("location") ?? "");
    said.nonce = url.searchParams.get("nonce") ?? "";
    return { response, url, cookie: pairs(response) };
  }
  async function finish({ url, cookie }: { url: URL; cookie: string }): Promise<Response> {
    const callback = await server.authorize(url, { person: "ada" });
    return app.auth.handle(new Request(callback, { headers: { cookie } }));
  }
  return { ...{ app, server, clock, events, logins, sent, said, start, finish } };
}

function pairs(response: Response): string {
  const all = response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(";")));
  return all.filter((pair) => !pair.endsWith("=")).join("; ");
}

const open = (app: WebApp, cookie: string) =>
  app.auth.open(fromRequest(new Request(`${app.origin}/x`, { headers: { cookie } })));

/** A nonce in each login; without the same one in the answer there is no login, and a refresh is checked by its tokens. */
function withNonce(seen: TokenCheck[] = []): Steps {
  return {
    authorizationParameters(): AttemptAddition {
      const nonce = crypto.randomUUID();
      return { parameters: { nonce }, extra: { nonce } };
    },
    checkTokens(answer, asked) {
      seen.push(asked);
      if (asked.request === "refresh") return undefined;
      if (answer.nonce !== asked.extra.nonce) throw new Error("another login's nonce");
      return { claims: { sub: "ada", scope: answer.scope } };
    },
  };
}

describe("what a provider adds to a login", () => {
  it("goes into the URL, is kept sealed, and comes back with the answer; onLogin sees the claims", async () => {
    const seen: TokenCheck[] = [];
    const { start, finish, logins, said, app, clock } = world(withNonce(seen));
    const started = await start();
    expect(said.nonce).toMatch(/^[\w-]{36}$/);
    expect(started.cookie).not.toContain(said.nonce);
    expect((await finish(started)).status).toBe(303);
    expect(seen).toEqual([
      { request: "code", clientId: "client-of-the-app", now: clock.now(), extra: { nonce: said.nonce } },
    ]);
    expect(logins.map(({ claims }) => claims)).toEqual([{ sub: "ada", scope: "user-read-private" }]);
    expect(app.auth.settings.provider?.checkTokens).toBeTypeOf("function");
  });

  it("is told which login it is, and has the last word on its own parameters", async () => {
    const attempts: unknown[] = [];
    const { app, start } = world({
      async authorizationParameters(attempt) {
        attempts.push(attempt);
        return { parameters: { nonce: "its own", max_age: "60" } };
      },
    });
    const { url } = await start();
    expect(attempts).toEqual([
      {
        clientId: "client-of-the-app",
        scope: ["user-read-private"],
        state: url.searchParams.get("state"),
        codeChallenge: url.searchParams.get("code_challenge"),
        parameters: {},
      },
    ]);
    const response = await app.auth.login(open(app, ""), { parameters: { nonce: "the app's", market: "AT" } });
    const asked = new URL(response.headers.get("location") ?? "").searchParams;
    expect([asked.getAll("nonce"), asked.get("max_age"), asked.get("market")]).toEqual([["its own"], "60", "AT"]);
  });

  it("costs the login cookie nothing where nothing is kept", async () => {
    const plain = await world().start();
    for (const steps of [{ authorizationParameters: () => ({}) }, { authorizationParameters: () => ({ extra: {} }) }]) {
      expect((await world(steps).start()).cookie.length).toBe(plain.cookie.length);
    }
    expect((await world(withNonce()).start()).cookie.length).toBeGreaterThan(plain.cookie.length);
  });

  it.each([
    ["more than 512 octets", { extra: { nonce: "é".repeat(251) } }, "provider.authorizationParameters"],
    ["what is no text", { extra: { nonce: 1 } }, "provider.authorizationParameters"],
    ["a parameter of the protocol", { parameters: { state: "mine" } }, "state"],
  ])("may not be %s", async (_what, addition, option) => {
    const { app } = world({ authorizationParameters: () => addition as AttemptAddition });
    await expect(app.auth.login(open(app, ""))).rejects.toMatchObject({ name: "ConfigurationError", option });
  });

  it("shares the room of the answer's headers with the return path", async () => {
    const extra = { nonce: "n".repeat(490) };
    const { app } = world({ authorizationParameters: () => ({ extra }) });
    const response = await app.auth.login(open(app, ""), { returnTo: `/${"p".repeat(2_000)}` });
    const lines = response.headers.getSetCookie().join("").length + (response.headers.get("location") ?? "").length;
    expect(lines).toBeLessThan(3_400);
  });
});

describe("a provider that checks its answers", () => {
  it("keeps out a login whose answer is another login's, and tells why", async () => {
    const { start, finish, said, logins, events, sent } = world(withNonce());
    const started = await start();
    said.nonce = "stolen";
    const answer = await finish(started);
    expect([answer.status, pairs(answer), logins]).toEqual([400, expect.not.stringMatching(/pixy=/), []]);
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(["/api/token"]);
    expect(events.find(({ type }) => type === "login.failed")).toMatchObject({
      ...{ code: "login_refused" },
      error: { cause: { code: "tokens_rejected", outcome: "refused", cause: { message: "another login's nonce" } } },
    });
  });

  it("checks a refresh with the tokens that it replaces; what it refuses is not kept", async () => {
    const seen: TokenCheck[] = [];
    const steps = withNonce(seen);
    let isWrong = true;
    const { app, start, finish, clock, events } = world({
      ...steps,
      checkTokens(answer, asked) {
        if (asked.request === "refresh" && isWrong) throw new Error("another person");
        return steps.checkTokens?.(answer, asked);
      },
    });
    const cookie = pairs(await finish(await start()));
    const before = await (await open(app, cookie).signedIn())?.accessToken();
    clock.advance(3_600_000);
    await expect(open(app, cookie).fetch("/v1/me")).rejects.toMatchObject({ code: "reauth_required" });
    expect(events.find(({ type }) => type === "refresh.failed")).toMatchObject({
      ...{ outcome: "refused", error: { code: "tokens_rejected", cause: { message: "another person" } } },
    });
    isWrong = false;
    clock.advance(60_000);
    const after = await (await open(app, cookie).signedIn())?.accessToken();
    expect(after).not.toBe(before);
    expect(seen.at(-1)).toMatchObject({ request: "refresh", tokens: { accessToken: before } });
  });
});

describe("what a check keeps with the tokens", () => {
  const keeping: Steps = {
    checkTokens(answer, asked) {
      if (asked.request !== "refresh") return { extra: { sub: "ada" } };
      if (asked.tokens.extra?.sub === answer.nonce) return undefined;
      throw new TokenRequestError("Somebody else.", { code: "tokens_rejected", outcome: "ended", hint: "Log in." });
    },
  };

  it("comes back with each refresh, and a check that says so ends the session", async () => {
    const { app, start, finish, clock, events, said } = world(keeping);
    let cookie = pairs(await finish(await start()));
    said.nonce = "ada";
    for (let hour = 1; hour <= 2; hour++) {
      clock.advance(3_600_000);
      const handle = open(app, cookie);
      expect((await handle.fetch("/v1/me")).status).toBe(200);
      const lines = handle.takeResponseHeaders().filter(([name]) => name === "set-cookie");
      cookie = lines.map(([, line]) => line.slice(0, line.indexOf(";"))).join("; ");
    }
    said.nonce = "grace";
    clock.advance(3_600_000);
    await expect(open(app, cookie).fetch("/v1/me")).rejects.toMatchObject({ code: "reauth_required" });
    expect(events.at(-1)).toMatchObject({
      type: "session.ended",
      error: { code: "tokens_rejected", outcome: "ended" },
    });
    expect(await open(app, cookie).session()).toBeNull();
  });
});

describe("a provider that proves requests", () => {
  /** Says what was proved; another time only where the server gave a nonce. */
  const proving: Steps = {
    proveRequest({ method, url }, { accessToken, answer }) {
      const nonce = answer?.headers.get("dpop-nonce");
      if (answer && !nonce) return null;
      return { dpop: [method, url, accessToken ? "with a token" : "without", nonce ?? "first"].join(" ") };
    },
  };
  const token = `POST ${spotify.tokenEndpoint} without`;
  const me = `GET ${spotify.api}/v1/me with a token`;
  const proofs = (sent: readonly Request[]) => sent.map((request) => request.headers.get("dpop"));

  it("sends its headers with the code, with a refresh and to the API", async () => {
    const { app, start, finish, clock, sent } = world(proving);
    const cookie = pairs(await finish(await start()));
    clock.advance(3_600_000);
    expect((await open(app, cookie).fetch("/v1/me")).status).toBe(200);
    expect(proofs(sent)).toEqual([`${token} first`, `${token} first`, `${me} first`]);
  });

  it("sends a request once more with the server's nonce, the same body and one code", async () => {
    const wantsNonce = (request: Request): Response | null => {
      if (!request.headers.get("dpop")?.endsWith("first")) return null;
      const isToken = request.url === spotify.tokenEndpoint;
      const headers = { "dpop-nonce": "of the server", "www-authenticate": 'DPoP error="use_dpop_nonce"' };
      return Response.json({ error: "use_dpop_nonce" }, { status: isToken ? 400 : 401, headers });
    };
    const { app, server, start, finish, sent } = world(proving, wantsNonce);
    const cookie = pairs(await finish(await start()));
    expect((await open(app, cookie).fetch("/v1/me")).status).toBe(200);
    const [first, second] = await Promise.all(sent.slice(0, 2).map((request) => request.text()));
    expect(first).toBe(second);
    expect(proofs(sent)).toEqual([`${token} first`, `${token} of the server`, `${me} first`, `${me} of the server`]);
    expect(server.tokenRequests("authorization_code")).toHaveLength(1);
  });

  it("never sends a request a third time, nor again without a reason", async () => {
    const headers = { "dpop-nonce": "another one each time" };
    const refusing = world(proving, () => Response.json({ error: "use_dpop_nonce" }, { status: 400, headers }));
    expect((await refusing.finish(await refusing.start())).status).toBe(400);
    expect(refusing.sent).toHaveLength(2);
    const plain = world(proving, () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    expect((await plain.finish(await plain.start())).status).toBe(400);
    expect(plain.sent).toHaveLength(1);
  });

  it("may name another scheme than Bearer", async () => {
    const { app, start, finish, sent } = world(
      {
        proveRequest: (_request, { accessToken, answer }) =>
          answer || !accessToken ? null : { authorization: `DPoP ${accessToken}` },
      },
      (request) => (request.url === spotify.tokenEndpoint ? null : Response.json({})),
    );
    const cookie = pairs(await finish(await start()));
    await open(app, cookie).fetch("/v1/me");
    expect(sent.map((request) => request.headers.get("authorization")?.split(" ")[0])).toEqual([undefined, "DPoP"]);
  });

  it("sends nothing where it throws", async () => {
    const { start, finish, sent, logins } = world({
      proveRequest() {
        throw new Error("no key");
      },
    });
    await expect(finish(await start())).rejects.toThrow("no key");
    expect([sent, logins]).toEqual([[], []]);
  });
});
