import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  serve,
} from "@pixy/testing";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "../../../tools/lib/port.ts";
import wrangler from "../wrangler.json" with { type: "json" };

interface State {
  readonly resolved: readonly string[];
  readonly events: readonly string[];
}

const until = { timeout: 30_000, interval: 20 };

describe("@pixy/hono on workerd", () => {
  let provider: AuthorizationServer;
  let server: HttpServer;
  let worker: Miniflare;
  let url: string;
  let releaseAnswer: () => void;

  beforeEach(async () => {
    const answer = Promise.withResolvers<void>();
    releaseAnswer = answer.resolve;
    provider = createAuthorizationServer({ autoApprove: "ada", rotation: "strict", wait: () => answer.promise });
    server = await serve(provider);
    const bundle = await build({
      entryPoints: [fileURLToPath(new URL("tenants-worker.ts", import.meta.url))],
      ...{ bundle: true, write: false, format: "esm", target: "es2022" },
      conditions: ["@pixy/source", "workerd", "worker", "browser"],
    });
    url = `http://127.0.0.1:${await freePort()}`;
    const tenant = (CLIENT: string) => ({
      CLIENT,
      SECRET: randomBytes(32).toString("base64url"),
      BASE_URL: url,
      PROVIDER_URL: server.url,
    });
    const options = {
      modules: true,
      script: bundle.outputFiles[0]?.text ?? "",
      compatibilityDate: wrangler.compatibility_date,
      bindings: { one: tenant("one"), two: tenant("two") },
      ...{ cf: false, host: "127.0.0.1", port: Number(new URL(url).port) },
    } as const;
    worker = new Miniflare(convertV4MiniflareOptions(options));
    await worker.ready;
  });

  afterEach(async () => {
    releaseAnswer();
    await worker?.dispose();
    await server?.close();
  });

  const state = async (): Promise<State> => (await fetch(`${url}/test/state`)).json() as Promise<State>;

  it("resolves options once for each environment in a hundred requests", async () => {
    for (let count = 0; count < 100; count++) {
      const response = await fetch(`${url}/me`, { headers: { "x-tenant": count % 2 === 0 ? "one" : "two" } });
      expect(response.status).toBe(401);
      await response.arrayBuffer();
    }
    expect((await state()).resolved).toEqual(["one", "two"]);
  });

  it("gives each binding its own client id and secret", async () => {
    const browser = createUserAgent();
    for (const tenant of ["one", "two"]) {
      const headers = { "x-tenant": tenant };
      const login = await browser.navigate(`${url}/auth/login`, { headers, follow: false });
      expect(new URL(login.headers.get("location") ?? "").searchParams.get("client_id")).toBe(tenant);
    }
    await browser.navigate(`${url}/me`);
    expect((await browser.call(`${url}/me`)).status).toBe(200);
    expect((await browser.call(`${url}/me`, { headers: { "x-tenant": "two" } })).status).toBe(401);
  });

  it("adds headers to responses that are immutable: of fetch(), and Response.redirect()", async () => {
    const browser = createUserAgent();
    await browser.navigate(`${url}/me`);
    await fetch(`${url}/test/advance/3600000`, { method: "POST" });
    const me = await browser.call(`${url}/me`);
    expect([me.status, me.setCookies.length, me.headers.get("vary")]).toEqual([200, 1, "Cookie"]);
    const redirect = await browser.navigate(`${url}/redirect`, { follow: false });
    expect([redirect.status, redirect.headers.get("cache-control")]).toEqual([302, "private, no-store"]);
  });

  it("finishes a refresh whose client went away, and gives its result to the next request", async () => {
    const browser = createUserAgent();
    await browser.navigate(`${url}/me`);
    await fetch(`${url}/test/advance/3600000`, { method: "POST" });
    provider.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const client = new AbortController();
    const gone = browser.call(`${url}/me`, { signal: client.signal }).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(provider.tokenRequests("refresh_token")).toHaveLength(1), until);
    client.abort();
    expect(await gone).toBe("AbortError");
    releaseAnswer();
    await vi.waitFor(async () => expect((await state()).events).toContain("tokens.refreshed"), until);
    expect((await browser.call(`${url}/me`)).status).toBe(200);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
  });
});
