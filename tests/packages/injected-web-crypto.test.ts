import { webcrypto } from "node:crypto";
import { createContext, Script } from "node:vm";
import { createAuthorizationServer } from "@pixy/testing";
import { expect, it } from "vitest";
import { bundle } from "../lib/bundle.ts";

const login = `
import * as core from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
globalThis.login = async (authorize, fetch) => {
  const client = core.createClient({ provider: spotify, clientId: "app", redirectUri: "com.example.player:/callback" });
  const { verifier, challenge } = await core.generateCodes();
  const state = core.generateState();
  const callback = await authorize(core.buildLoginUri(client, { state, codeChallenge: challenge }).href);
  const tokens = await core.exchangeCode(client, core.readCallback(client, callback, { state }), verifier, { fetch });
  const authenticator = core.pkceAuthenticator(client, tokens, { fetch });
  const ask = core.providerFetch(spotify, authenticator, { clientId: "app", fetch });
  return (await (await ask("/v1/me")).json()).display_name;
};`;

/** What docs/command-lines-and-desktop.md says that core needs where there is neither Node nor a browser, and nothing else. */
const needed = {
  ...{ URL, URLSearchParams, TextEncoder, btoa, Headers, Request, AbortController, setTimeout, clearTimeout },
  ...{ TextDecoder, Response, ReadableStream, FormData, Blob },
};

it("core logs in where WebCrypto was put in place, without Node and without a browser", async () => {
  const server = createAuthorizationServer();
  const { code, imports } = await bundle(login);
  expect(imports).toEqual([]);
  const run = async (globals: object) => {
    const context = createContext({ ...globals }) as { login(authorize: unknown, fetch: unknown): Promise<string> };
    new Script(code).runInContext(context);
    return context.login((url: string) => server.authorize(url, { person: "ada" }), server.fetch);
  };
  expect(await run({ ...needed, crypto: webcrypto })).toBe("Ada Lovelace");
  await expect(run(needed)).rejects.toMatchObject({ code: "crypto_unavailable" });
  expect(server.violations).toEqual([]);
});
