import { execFile } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { createClient, discover, exchangeCode, none, type PixyError, printableError, readCallback } from "@pixy/core";
import { spotifyAt } from "@pixy/providers/spotify";
import { diagnose } from "@pixy/server";
import type { RunningApp } from "@pixy/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { listen } from "../lib/listen.ts";
import { createWebApp, secret } from "../lib/web-app.ts";

// Clears the screen, sets the window's title, turns the direction around, begins a line, hides a letter.
const evil = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u2028\r\nok      forged\u200b\u{e0041}";
const command = fileURLToPath(new URL("../../packages/server/bin/pixy.ts", import.meta.url));
const redirectUri = "https://app.test/auth/callback";
let provider: RunningApp;

/** Answers everything with what a terminal obeys: in a redirect, in headers, in JSON, its keys and a page. */
function answerEvil(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://provider.test");
  const latin1 = "\u009b31m\u0085";
  const parameters = new URLSearchParams({ error: evil, error_description: evil, error_uri: evil });
  const json = JSON.stringify({ [evil]: evil, error: evil, error_description: evil, issuer: evil, loggedIn: evil });
  response.setHeader("cache-control", latin1);
  response.setHeader("set-cookie", [`${latin1}=1; domain=${latin1}`]);
  response.setHeader("content-type", "application/json");
  if (pathname === "/authorize") {
    response.writeHead(302, { location: `${searchParams.get("redirect_uri")}?${parameters}` }).end();
  } else if (pathname.endsWith("/session")) {
    response.end('{"loggedIn":false}');
  } else if (pathname.endsWith("/login")) {
    const believed = new URLSearchParams({ client_id: evil, redirect_uri: evil });
    response.writeHead(302, { location: `http://${request.headers.host}/authorize?${believed}` }).end();
  } else {
    response.writeHead(pathname === "/api/token" ? 400 : 200).end(json);
  }
}

beforeAll(async () => {
  provider = await listen(answerEvil);
});

afterAll(() => provider.close());

function expectPrintable(text: string): void {
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(text).not.toMatch(/^ok {6}forged/m);
}

async function errorOf(action: () => unknown): Promise<PixyError> {
  try {
    await action();
  } catch (error) {
    return error as PixyError;
  }
  throw new Error("nothing was thrown");
}

/** All that somebody might print of an error. */
function wordsOf(error: PixyError): string {
  const { error: code, errorDescription } = error as { error?: string; errorDescription?: string };
  return [error.message, error.hint, code, errorDescription, printableError(error)].join("\n");
}

describe("a provider that answers with what a terminal obeys", () => {
  it("leaves nothing of it in the error of a token request", async () => {
    const client = createClient({
      provider: spotifyAt(provider.url),
      clientId: "c",
      redirectUri,
      authentication: none(),
    });
    const callback = readCallback(client, "?state=s&code=c", { state: "s" });
    const error = await errorOf(() => exchangeCode(client, callback, "v".repeat(43)));
    expect(error.message).toContain("forged");
    expectPrintable(wordsOf(error));
  });

  it("leaves nothing of it in the cause of a request that failed", async () => {
    const provider = spotifyAt("http://127.0.0.1:9");
    const client = createClient({ provider, clientId: "client-of-the-app", redirectUri, authentication: none() });
    const callback = readCallback(client, "?state=s&code=code-of-the-provider", { state: "s" });
    const failing = () => Promise.reject(new TypeError("fetch failed", { cause: new Error(evil) }));
    const error = await errorOf(() => exchangeCode(client, callback, "v".repeat(43), { fetch: failing }));
    expect(error.cause).toMatchObject({ message: expect.stringContaining("forged") });
    expectPrintable((error.cause as Error).message);
  });

  it("leaves nothing of it in the error of a callback", async () => {
    const client = createClient({
      provider: spotifyAt(provider.url),
      clientId: "c",
      redirectUri,
      authentication: none(),
    });
    const query = new URLSearchParams({ state: "s", error: evil, error_description: evil });
    expectPrintable(wordsOf(await errorOf(() => readCallback(client, query, { state: "s" }))));
  });

  it("leaves nothing of it in the error of a discovery", async () => {
    expectPrintable(wordsOf(await errorOf(() => discover(provider.url, { allowInsecureLoopback: true }))));
  });

  it("leaves nothing of it in events, in what is printed, and on our page", async () => {
    const printed: string[] = [];
    for (const method of ["log", "info", "warn", "error"] as const) {
      const spy = vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words.join(" ")));
      onTestFinished(() => spy.mockRestore());
    }
    const fetchEvil: typeof fetch = (_input, init) => fetch(`${provider.url}/api/token`, init);
    const app = createWebApp({ options: { fetch: fetchEvil } });
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    expect(page.status).toBe(400);
    expectPrintable([...printed, page.body].join("\n"));
  });

  it("leaves nothing of it in the findings of a diagnosis, nor does a provider's name", async () => {
    const evilName = { ...spotifyAt(provider.url), name: evil };
    const options = { provider: evilName, clientId: evil, baseUrl: provider.url, secret };
    const findings = await diagnose(options);
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["site_cached", "options_differ", "login_cookie_missing", "provider_refuses"]),
    );
    for (const { message, hint = "" } of findings) expectPrintable(`${message}${hint}`);
  });

  it("survives a redirect of the app that is no URL", async () => {
    const site = await listen((_request, response) => void response.writeHead(302, { location: "http://[" }).end());
    onTestFinished(site.close);
    const options = { provider: spotifyAt(provider.url), clientId: "client", baseUrl: site.url, secret };
    expect((await diagnose(options)).map(({ code }) => code)).toContain("site_is_another");
  });
});

describe("pixy doctor prints nothing that a terminal obeys", () => {
  const variables = () => ({ BASE_URL: provider.url, SESSION_SECRET: secret, PROVIDER_URL: provider.url });

  function doctor(parameters: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return new Promise((resolve) => {
      const all = ["--conditions=@pixy/source", command, "doctor", ...parameters];
      execFile(process.execPath, all, { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
  }

  it("of a provider", async () => {
    const output = await doctor([], { ...variables(), SPOTIFY_CLIENT_ID: "client" });
    expect(output).toContain("forged");
    expectPrintable(output);
  });

  it("of a variable", async () => {
    expectPrintable(await doctor([], { ...variables(), SPOTIFY_CLIENT_ID: evil.replaceAll("\0", "") }));
  });

  it("of a file's name", async () => {
    for (const file of [`${evil}.mjs`, `${evil}.env`]) {
      const output = await doctor([file], {});
      expect(output).toMatch(/^pixy: /);
      expectPrintable(output);
    }
  });
});
