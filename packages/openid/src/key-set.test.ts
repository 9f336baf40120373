import { beforeAll, describe, expect, it } from "vitest";
import { clientId, createIssuer, createKey, type Issuer, issuer, type Key, sign } from "../test/issuer.ts";
import { openid } from "./index.ts";

let first: Key;
let second: Key;
let third: Key;
beforeAll(async () => {
  [first, second, third] = await Promise.all([createKey("1"), createKey("2"), createKey("3")]);
});

const extra = { nonce: "n" };

function start(world: Issuer, fetch = world.fetch) {
  const find = openid(issuer, { fetch, now: () => world.now });
  const readings = () => world.asked.filter((url) => url.endsWith("/keys")).length;
  const check = async (key: Key, header: Record<string, unknown> = {}) => {
    const id_token = await sign(world.claims(extra), key, header);
    return (await find()).checkTokens?.({ id_token }, { request: "code", clientId, now: world.now, extra });
  };
  return { find, readings, check };
}

describe("the keys of a provider", () => {
  it("are read once, with its metadata, and again when they are ten minutes old", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await check(first);
    await check(first);
    expect(readings()).toBe(1);
    world.now += 600_000;
    await check(first);
    expect(readings()).toBe(2);
  });

  it("may be replaced: a token by a new one has them read anew", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await check(first);
    world.published.keys = [first.jwk, second.jwk];
    await check(second);
    await check(first);
    expect(readings()).toBe(2);
  });

  it("may be replaced while many log in: each of them is in, by one more reading", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await check(first);
    world.published.keys = [second.jwk];
    const logins = await Promise.allSettled(Array.from({ length: 10 }, () => check(second)));
    expect(new Set(logins.map(({ status }) => status))).toEqual(new Set(["fulfilled"]));
    expect(readings()).toBe(2);
  });

  it("may be replaced under the same name, or without one", async () => {
    for (const header of [{ kid: "1" }, { kid: undefined }]) {
      const world = createIssuer([first]);
      const { check } = start(world);
      await check(first);
      world.published.keys = [{ ...second.jwk, kid: "1" }];
      await expect(check(second, header)).resolves.toBeDefined();
      await expect(check(first)).rejects.toMatchObject({ code: "id_token_signature" });
    }
  });

  it("that are withdrawn sign nothing any more, once they are read anew", async () => {
    const world = createIssuer([first, second]);
    const { check } = start(world);
    await check(first);
    world.published.keys = [second.jwk];
    world.now += 600_000;
    await expect(check(first)).rejects.toMatchObject({ code: "id_token_key_unknown" });
  });

  it("are read anew at most every 30 seconds, however many forged tokens come", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await check(first);
    const forged = await Promise.allSettled(Array.from({ length: 20 }, () => check(third)));
    expect(new Set(forged.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(readings()).toBe(2);
    world.now += 29_000;
    await expect(check(third)).rejects.toMatchObject({ code: "id_token_key_unknown" });
    expect(readings()).toBe(2);
  });

  // Else each forged token, or what is none, would send two requests to a provider that has trouble already.
  it("are asked for once a second while the provider is away, however many forged tokens come", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await check(first);
    world.published.isAway = true;
    world.now += 600_000;
    for (let index = 0; index < 20; index++) await check(third).catch(() => {});
    await check(first);
    expect(readings()).toBe(2);
    world.published.isAway = false;
    world.published.keys = [third.jwk];
    world.now += 1_000;
    await expect(check(third)).resolves.toBeDefined();
  });

  it("rest after a failure from its end on, and not for as long as a clock was set back", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world, async (input) => {
      if (world.published.isAway) world.now += 5_000;
      return world.fetch(input);
    });
    await check(first);
    world.published.isAway = true;
    await check(third).catch(() => {});
    await check(third).catch(() => {});
    expect(readings()).toBe(2);
    world.published.isAway = false;
    world.published.keys = [third.jwk];
    world.now -= 60_000;
    await expect(check(third)).resolves.toBeDefined();
  });

  it("are read once for callers at the same time", async () => {
    const world = createIssuer([first]);
    const { check, readings } = start(world);
    await Promise.all(Array.from({ length: 10 }, () => check(first)));
    expect(readings()).toBe(1);
  });

  it("of before stay in use while the provider is away", async () => {
    const world = createIssuer([first]);
    const { check } = start(world);
    await check(first);
    world.published.isAway = true;
    world.now += 700_000;
    await expect(check(first)).resolves.toBeDefined();
  });

  it.each([
    ["no address", undefined],
    ["plain http", "http://tenant.example/keys"],
    ["loopback, which is not allowed", "http://127.0.0.1/keys"],
    ["a list", [`${issuer}/keys`]],
  ])("are at https: %s is refused", async (_what, jwks_uri) => {
    const { find } = start(createIssuer([first], { jwks_uri }));
    await expect(find()).rejects.toMatchObject({ code: "invalid_metadata" });
  });

  it.each([
    ["are not there", () => new Response(null, { status: 404 })],
    ["are elsewhere", () => new Response(null, { status: 302, headers: { location: "https://evil.example" } })],
    ["are no JSON", () => new Response("<html>")],
    ["are no object", () => Response.json([])],
    ["are no keys", () => Response.json({ keys: "none" })],
    ["have more than 128 kB", () => Response.json({ keys: [], more: "x".repeat(131_072) })],
  ])("%s: then the provider is not found, and no login begins", async (_what, answer) => {
    const world = createIssuer([first]);
    const fetch: typeof globalThis.fetch = async (input, init) =>
      String(input).endsWith("/keys") ? answer() : world.fetch(input, init);
    await expect(openid(issuer, { fetch, now: () => world.now })()).rejects.toMatchObject({
      code: "metadata_unavailable",
    });
  });
});
