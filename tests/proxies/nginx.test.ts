import { readFile } from "node:fs/promises";
import { pixy } from "@pixy/express";
import { spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, createUserAgent, type RunningApp } from "@pixy/testing";
import express, { type Express } from "express";
import { afterAll, beforeAll, expect, it } from "vitest";
import { codeBlocksOf } from "../docs/markdown.ts";
import { listen } from "../lib/listen.ts";
import { nginx, type ProxyCache, startNginx } from "../lib/proxy-cache.ts";
import { secret } from "../lib/web-app.ts";

const page = new URL("../../docs/deployment.md", import.meta.url);

nginx.describe("nginx as docs/deployment.md sets it up", () => {
  let documented: string;
  let server: RunningApp;
  let app: Express | undefined;

  beforeAll(async () => {
    documented = codeBlocksOf(await readFile(page, "utf8")).find(({ info }) => info === "nginx")?.code ?? "";
    server = await listen((request, response) => app?.(request, response));
  });
  afterAll(() => server?.close());

  /** Runs with the page's settings, but for the lines that match, in front of an app whose sessions take 7 kB. */
  async function behind(without: RegExp | null, use: (proxy: ProxyCache) => Promise<void>): Promise<void> {
    const lines = documented.split("\n").filter((line) => !without?.test(line));
    const settings = lines.join("\n").replace("http://127.0.0.1:3000", server.url);
    const proxy = await startNginx((_folder, port) =>
      settings.replace("server {", `server {\n  listen 127.0.0.1:${port};`),
    );
    try {
      await use(proxy);
    } finally {
      await proxy.stop();
    }
  }

  /** A browser that reaches the app through the proxy, and the provider without a network. */
  function open({ url }: ProxyCache) {
    const provider = createAuthorizationServer({ issuer: spotify.issuer });
    const auth = pixy({
      ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: url, secret, fetch: provider.fetch },
      onLogin: () => ({ notes: "n".repeat(4_900) }),
    });
    app = express()
      .use("/auth", auth.routes())
      .get("/me", auth.requireLogin(), (_req, res) => void res.send("me"));
    return createUserAgent({ fetchers: { [spotify.issuer]: (request) => provider.fetch(request) } });
  }

  /** The answer to a large session beside cookies of the app's own, 11 kB of cookies in all. */
  async function askWithManyCookies(proxy: ProxyCache): Promise<number> {
    const browser = open(proxy);
    await browser.login(`${proxy.url}/me`, { person: "ada" });
    const cookies = (await browser.cookies(proxy.url)).map(({ name, value }) => `${name}=${value}`).join("; ");
    expect(cookies.length).toBeGreaterThan(7_000);
    const cookie = `${cookies}; own=`.padEnd(11_000, "o");
    return (await fetch(`${proxy.url}/me`, { headers: { cookie } })).status;
  }

  it("lets a login pass whose session takes two cookies", async () => {
    await behind(null, async (proxy) => {
      expect((await open(proxy).login(`${proxy.url}/me`, { person: "ada" })).status).toBe(200);
    });
  });

  it("would answer that login with 502 without the buffers for answers", async () => {
    await behind(/proxy_buffer/, async (proxy) => {
      expect((await open(proxy).login(`${proxy.url}/me`, { person: "ada" })).status).toBe(502);
    });
  });

  it("lets that session pass beside other cookies", async () => {
    await behind(null, async (proxy) => expect(await askWithManyCookies(proxy)).toBe(200));
  });

  it("would answer it with 400 without the buffers for requests", async () => {
    await behind(/large_client_header_buffers/, async (proxy) => expect(await askWithManyCookies(proxy)).toBe(400));
  });
});
