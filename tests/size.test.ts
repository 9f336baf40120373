import { describe, expect, it } from "vitest";
import { bundle, leaksOf } from "./lib/bundle.ts";

const login = `
export { buildLoginUri, createClient, exchangeCode, generateCodes, generateState, none, readCallback, refreshTokens }
  from "@pixy/core";
export { spotify } from "@pixy/providers/spotify";
`;
const worker = `
import { Hono } from "hono";
import { pixy } from "@pixy/hono";
import { spotify } from "@pixy/providers/spotify";
const auth = pixy((environment) => ({ provider: spotify, ...environment }));
const app = new Hono();
app.route("/auth", auth.routes());
app.get("/me", auth.requireLogin(), (c) => c.json(c.var.auth.current));
export default app;
`;
const notCore = /^(?!core\/)/;

/** What a bundle weighs follows from what is in it, so that is what is looked at; the ceilings are for what nobody thought of. */
describe("what reaches a bundle", () => {
  it("generateCodes alone: the codes, what they are encoded with, and the errors", async () => {
    const made = await bundle('export { generateCodes } from "@pixy/core";');
    expect(leaksOf(made, notCore)).toEqual([]);
    expect(made.parts).toEqual(
      ["digest", "encoding", "errors", "pkce", "printable"].map((name) => `core/src/${name}.ts`),
    );
    expect(made.bytes).toBeLessThanOrEqual(1_080);
  });

  it("codes, login URL, exchange and refresh: nothing of the server, of discovery or of an SDK", async () => {
    const made = await bundle(login);
    expect(
      leaksOf(
        made,
        /^(?!core\/|providers\/src\/spotify\.ts$)|discover|sdk|authenticator|authenticated-fetch|www-authenticate/,
      ),
    ).toEqual([]);
    expect(made.bytes).toBeLessThan(8_900);
  });

  it("the Express adapter: the server and its two libraries, on-headers, and no other framework", async () => {
    const made = await bundle('export { pixy } from "@pixy/express";', ["express", "http"]);
    const allowed = /^(core\/|grants\/|server\/|express\/|jose$|cookie$|on-headers$|<stdin>)/;
    expect(made.parts.filter((part) => !allowed.test(part))).toEqual([]);
    expect(made.parts.filter((part) => /discover|sdk/.test(part))).toEqual([]);
    expect(made.bytes).toBeLessThan(67_000);
  });

  it("a Hono worker: nothing of Node, of another framework or of the kit", async () => {
    const made = await bundle(worker);
    expect(
      leaksOf(made, /^(express|next|redis|testing|cloudflare)|on-headers|@hono\/node-server|discover|sdk/),
    ).toEqual([]);
    // What esbuild writes where a `require` is left for the runtime.
    expect(made.code.includes("Dynamic require of")).toBe(false);
    expect(made.bytes).toBeLessThan(74_950);
  });
});

describe("an app without @pixy/openid", () => {
  it("has nothing of it, and no word of OpenID Connect but those that the seam and presets have", async () => {
    const made = await bundle(worker);
    expect(leaksOf(made, /^openid\//)).toEqual([]);
    const words = /\bid_token|jwks|at_hash|end_session|post_logout|acr_values|max_age|createLocalJWKSet/;
    expect(words.exec(made.code)?.[0]).toBeUndefined();
    const withIt = await bundle(`${worker} export { openid } from "@pixy/openid";`);
    expect(withIt.parts).toContain("openid/src/openid.ts");
    expect(leaksOf(withIt, /^openid\/src\/apple\//)).toEqual([]);
    expect(words.test(withIt.code)).toBe(true);
    // It brings the checks of `defineProvider`, too, which a preset does not need.
    expect(withIt.bytes).toBeLessThan(made.bytes + 13_700);
  });
});

describe("what reaches a page", () => {
  it.each([
    ["@pixy/browser", 'export { pixy } from "@pixy/browser";', 2_000],
    ["@pixy/browser/react", 'export { SessionProvider, useSession } from "@pixy/browser/react";', 2_300],
  ])("%s: nothing but itself, and little of it", async (name, source, most) => {
    const made = await bundle(source, ["react"]);
    expect(leaksOf(made, /^(?!browser\/|<stdin>)/)).toEqual([]);
    console.log(`${name}: ${made.bytes} B, minified and gzipped`);
    expect(made.bytes).toBeLessThan(most);
  });
});

describe("leaksOf", () => {
  it("names a file that was brought along", async () => {
    const made = await bundle('import { createAuth } from "@pixy/server"; export default createAuth;');
    expect(leaksOf(made, notCore)).toEqual(expect.arrayContaining(["server/src/auth.ts", "jose"]));
  });

  it("names a module of Node", async () => {
    const made = await bundle('export { createHash } from "node:crypto";');
    expect(leaksOf(made, notCore)).toContain("node:crypto");
  });
});
