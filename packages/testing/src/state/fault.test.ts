import { describe, expect, it } from "vitest";
import { bodyOf, callApi, errorOf, exchange, logIn, obtainTokens, refresh } from "../../test/fixture.ts";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from "../provider/authorization-server.ts";
import { type FaultBehaviour, kinds } from "./fault.ts";

const servers: AuthorizationServer[] = [];

function rotatingServer(options: AuthorizationServerOptions = {}): AuthorizationServer {
  const server = createAuthorizationServer({ rotation: "rotate", ...options });
  servers.push(server);
  return server;
}

async function ready(): Promise<{ server: AuthorizationServer; refreshToken: string; accessToken: string }> {
  const server = rotatingServer();
  const { refresh_token, access_token } = await obtainTokens(server);
  return { server, refreshToken: refresh_token, accessToken: access_token };
}

/** Says whether the refresh token was consumed by the request that a fault hit. */
async function wasConsumed(server: AuthorizationServer, refreshToken: string): Promise<boolean> {
  server.clearFaults();
  return (await refresh(server.fetch, refreshToken)).status !== 200;
}

describe("an answer that goes wrong at the token endpoint", () => {
  it.each<[FaultBehaviour, number, string, RegExp, boolean]>([
    [{ kind: "status", status: 429, retryAfter: 5 }, 429, "application/json", /rate limit/, false],
    [{ kind: "status", status: 500 }, 500, "application/json", /server_error/, false],
    [{ kind: "status", status: 503, retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT" }, 503, "application/json", /./, false],
    [{ kind: "status", status: 400, body: { error: "invalid_grant" } }, 400, "application/json", /^{"error":"i/, false],
    [{ kind: "html", status: 502 }, 502, "text/html; charset=utf-8", /<h1>/, false],
    [{ kind: "html", status: 200 }, 200, "text/html; charset=utf-8", /<h1>/, true],
    [{ kind: "text", status: 403 }, 403, "text/plain; charset=utf-8", /^Active premium/, false],
    [{ kind: "huge-body", bytes: 200_000 }, 200, "application/json", /x{200000}/, true],
    [{ kind: "half-json" }, 200, "application/json", /^{"access_token":"[^}]*$/, true],
    [{ kind: "members", remove: ["expires_in"] }, 200, "application/json", /^((?!expires_in).)*$/, true],
    [{ kind: "members", set: { token_type: "bearer" } }, 200, "application/json", /"token_type":"bearer"/, true],
    [{ kind: "members", set: { access_token: 1 } }, 200, "application/json", /"access_token":1,/, true],
    [{ kind: "body", body: "[]" }, 200, "application/json", /^\[\]$/, true],
    [{ kind: "body", body: "", contentType: "text/html" }, 200, "text/html", /^$/, true],
    [{ kind: "redirect" }, 307, "", /^$/, false],
  ])("%o", async (behaviour, status, type, body, consumed) => {
    const { server, refreshToken } = await ready();
    server.fault({ ...behaviour, at: "token" });
    const answer = await refresh(server.fetch, refreshToken);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type") ?? "").toBe(type);
    expect(await answer.text()).toMatch(body);
    if (behaviour.kind === "status" && behaviour.retryAfter !== undefined) {
      expect(answer.headers.get("retry-after")).toBe(String(behaviour.retryAfter));
    }
    expect(server.requests.at(-1)).toMatchObject({ fault: behaviour.kind, status });
    expect(await wasConsumed(server, refreshToken)).toBe(consumed);
  });

  it("may come after the work, also where it usually does not", async () => {
    const { server, refreshToken } = await ready();
    server.fault({ at: "token", kind: "status", status: 500, consume: true });
    expect((await refresh(server.fetch, refreshToken)).status).toBe(500);
    expect(await wasConsumed(server, refreshToken)).toBe(true);
  });
});

describe("no answer", () => {
  it.each([
    ["reset-before-consume", false],
    ["reset-after-consume", true],
  ] as const)("%s: fetch fails as a dead connection does", async (kind, consumed) => {
    const { server, refreshToken } = await ready();
    server.fault({ at: "token", kind });
    const failure = await refresh(server.fetch, refreshToken).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure).toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(server.requests.at(-1)?.status).toBeUndefined();
    expect(await wasConsumed(server, refreshToken)).toBe(consumed);
  });

  it.each([false, true])("hang: only the caller's signal ends it; consumed: %s", async (consume) => {
    const { server, refreshToken } = await ready();
    server.fault({ at: "token", kind: "hang", consume });
    const controller = new AbortController();
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: "app" });
    const answer = server.fetch("/api/token", { method: "POST", body, signal: controller.signal });
    await expect.poll(() => server.requests.at(-1)?.fault).toBe("hang");
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    expect(await wasConsumed(server, refreshToken)).toBe(consume);
  });

  it("delay: the answer comes when the wait is over, the work is done before", async () => {
    let finish = (): void => {};
    const waits: number[] = [];
    const server = rotatingServer({
      wait(milliseconds) {
        waits.push(milliseconds);
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    const { refresh_token } = await obtainTokens(server);
    server.fault({ at: "token", kind: "delay", milliseconds: 60_000, times: 1 });
    const answer = refresh(server.fetch, refresh_token);
    await expect.poll(() => waits).toEqual([60_000]);
    expect((await refresh(server.fetch, refresh_token)).status).toBe(400);
    finish();
    expect((await answer).status).toBe(200);
  });
});

describe("which requests a fault hits", () => {
  it("the next n, then none; faults queue up", async () => {
    const { server, accessToken } = await ready();
    server.fault({ at: "api", kind: "status", status: 500, times: 2 });
    server.fault({ at: "api", kind: "status", status: 429, times: 1 });
    expect(server.faults).toHaveLength(2);
    const statuses: number[] = [];
    for (let round = 0; round < 4; round++) statuses.push((await callApi(server.fetch, accessToken)).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
    expect(server.faults).toEqual([]);
  });

  it("all until they are cleared", async () => {
    const { server, accessToken } = await ready();
    server.fault({ at: "api", kind: "text", status: 403 });
    for (let round = 0; round < 3; round++) expect((await callApi(server.fetch, accessToken)).status).toBe(403);
    server.clearFaults();
    expect((await callApi(server.fetch, accessToken)).status).toBe(200);
  });

  it("one grant type only", async () => {
    const { server, refreshToken } = await ready();
    server.fault({ at: "token", grantType: "refresh_token", kind: "status", status: 503 });
    expect((await exchange(server.fetch, await logIn(server))).status).toBe(200);
    expect((await refresh(server.fetch, refreshToken)).status).toBe(503);
  });

  it("the API refuses a good token; the same token is good again afterwards", async () => {
    const { server, accessToken } = await ready();
    server.fault({ at: "api", kind: "unauthorized", times: 1 });
    const answer = await callApi(server.fetch, accessToken);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
    expect((await callApi(server.fetch, accessToken)).status).toBe(200);
  });

  it("metadata and authorization too", async () => {
    const { server } = await ready();
    server.fault({ at: "metadata", kind: "members", set: { issuer: "https://evil.example" } });
    server.fault({ at: "authorize", kind: "html", status: 502 });
    const metadata = await server.fetch("/.well-known/oauth-authorization-server");
    expect(await metadata.json()).toMatchObject({ issuer: "https://evil.example" });
    expect((await server.fetch("/authorize?x")).status).toBe(502);
  });

  it("refuses a fault that does not exist", () => {
    const server = createAuthorizationServer();
    expect(() => server.fault({ at: "token", kind: "explode" as "hang" })).toThrow("explode");
    expect(() => server.fault({ at: "nowhere" as "api", kind: "hang" })).toThrow("nowhere");
    expect(() => server.fault({ at: "api", kind: "hang", times: 0 })).toThrow("times");
  });
});

it("a spoiled answer to a refused request stays a refusal", async () => {
  const { server } = await ready();
  server.fault({ at: "token", kind: "members", remove: ["expires_in"] });
  expect(await errorOf(await refresh(server.fetch, "refresh-token-of-nobody"))).toBe("invalid_grant");
  server.clearFaults();
  const { refresh_token } = await bodyOf(await exchange(server.fetch, await logIn(server)));
  expect(refresh_token).toBeTypeOf("string");
});

// The last one: it looks at what the others did.
it("every kind of fault hit a request in a test of this file, and the record says so", () => {
  const seen = new Set(servers.flatMap(({ requests }) => requests.map(({ fault }) => fault)));
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});
