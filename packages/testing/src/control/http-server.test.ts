import { afterEach, describe, expect, it } from "vitest";
import { callApi, exchange, type Fetch, logIn, obtainTokens, refresh } from "../../test/fixture.ts";
import { type AuthorizationServer, createAuthorizationServer } from "../provider/authorization-server.ts";
import { type HttpServer, type ServeOptions, serve } from "./http-server.ts";

let running: HttpServer | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function start(
  server: AuthorizationServer,
  options?: ServeOptions,
): Promise<{ url: string; fetch: Fetch; http: HttpServer }> {
  running = await serve(server, options);
  const { url } = running;
  return { url, http: running, fetch: (path, init) => fetch(new URL(path, url), init) };
}

it("serves a login, takes its URL for the issuer, and sees what was sent", async () => {
  const server = createAuthorizationServer();
  const { url, fetch } = await start(server);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(server.settings.issuer).toBe(url);
  const answer = await exchange(fetch, await logIn(server));
  const { access_token } = (await answer.json()) as { access_token: string };
  expect(await (await callApi(fetch, access_token)).json()).toMatchObject({ id: "ada-1815" });
  const metadata = await fetch("/.well-known/oauth-authorization-server");
  expect(await metadata.json()).toMatchObject({ issuer: url, token_endpoint: `${url}/api/token` });
  expect(server.violations).toEqual([]);
  expect(server.tokenRequests()[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
});

it("keeps an issuer that was given, and takes another one while it runs", async () => {
  const server = createAuthorizationServer({ issuer: "https://as.example" });
  const { fetch } = await start(server);
  expect(server.settings.issuer).toBe("https://as.example");
  server.configure({ issuer: "https://as.example/t2" });
  const metadata = await fetch("/.well-known/oauth-authorization-server/t2");
  expect(await metadata.json()).toMatchObject({ issuer: "https://as.example/t2" });
});

it("says which port is taken", async () => {
  const { url } = await start(createAuthorizationServer());
  await expect(serve(createAuthorizationServer(), { port: Number(new URL(url).port) })).rejects.toThrow("EADDRINUSE");
});

describe("faults on the wire", () => {
  it.each([
    ["reset-before-consume", 200],
    ["reset-after-consume", 400],
  ] as const)("%s cuts the connection", async (kind, statusAfterwards) => {
    const server = createAuthorizationServer({ rotation: "rotate" });
    const { fetch } = await start(server);
    const { refresh_token } = await obtainTokens(server);
    server.fault({ at: "token", kind, times: 1 });
    await expect(refresh(fetch, refresh_token)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect((await refresh(fetch, refresh_token)).status).toBe(statusAfterwards);
  });

  it("hang says nothing, and close() ends it at once", async () => {
    const server = createAuthorizationServer();
    const { fetch, http } = await start(server);
    server.fault({ at: "api", kind: "hang" });
    const answer = callApi(fetch, "any").catch((error: unknown) => error);
    await expect.poll(() => server.requests.at(-1)?.fault).toBe("hang");
    await http.close();
    expect(await answer).toBeInstanceOf(TypeError);
  });

  it("half a body, a huge body and a redirect travel as they are", async () => {
    const server = createAuthorizationServer();
    const { fetch } = await start(server);
    const { refresh_token } = await obtainTokens(server);
    server.fault({ at: "token", kind: "half-json", times: 1 });
    server.fault({ at: "token", kind: "huge-body", times: 1 });
    server.fault({ at: "token", kind: "redirect", status: 302, location: "https://evil.example/", times: 1 });
    await expect((await refresh(fetch, refresh_token)).json()).rejects.toThrow(SyntaxError);
    expect((await (await refresh(fetch, refresh_token)).text()).length).toBeGreaterThan(10_000_000);
    const redirect = await refresh(fetch, refresh_token);
    expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "https://evil.example/"]);
  });

  it("a client that follows a redirect with its token is recorded", async () => {
    const server = createAuthorizationServer();
    const { url } = await start(server);
    server.fault({ at: "token", kind: "redirect" });
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "secret", client_id: "app" });
    await fetch(`${url}/api/token`, { method: "POST", body });
    expect(server.violations).toMatchObject([{ rule: "redirect_followed", request: { kind: "other" } }]);
  });
});

it("refuses a body beyond 1 MB", async () => {
  const { fetch } = await start(createAuthorizationServer());
  const answer = await fetch("/api/token", { method: "POST", body: "x".repeat(1_000_001) }).catch(() => null);
  expect(answer === null || answer.status === 413).toBe(true);
});
