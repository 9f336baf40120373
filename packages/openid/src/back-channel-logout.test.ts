import type { SessionsOf } from "@pixy/core";
import { base64url } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import {
  clientId,
  createIssuer,
  createKey,
  type Issuer,
  issuer,
  type Key,
  type Payload,
  sign,
} from "../test/issuer.ts";
import { openid } from "./index.ts";

let key: Key;
let stranger: Key;
let other: Key;
beforeAll(async () => {
  [key, stranger, other] = await Promise.all([createKey("1"), createKey("1"), createKey("2", "ES384")]);
});

const events = { "http://schemas.openid.net/event/backchannel-logout": {} };

async function post(world: Issuer, tokens: readonly string[], ended: SessionsOf[] = []) {
  const find = openid(issuer, { fetch: world.fetch, now: () => world.now, backChannelLogout: true });
  const { routes } = await find();
  const form = new URLSearchParams(tokens.map((token) => ["logout_token", token]));
  const tools = {
    clientId,
    endSessions: async (of: SessionsOf) => ended.push(of),
  };
  return routes?.["back-channel-logout"]?.({ form, header: () => null }, tools);
}

describe("a back-channel logout", () => {
  it("is a route only where it is wanted", async () => {
    const world = createIssuer([key]);
    expect((await openid(issuer, { fetch: world.fetch })()).routes).toBeUndefined();
  });

  it.each<[Payload, SessionsOf]>([
    [{ sub: "ada" }, { sub: "ada" }],
    [{ sub: undefined, sid: "s" }, { sid: "s" }],
    [{ sub: "ada", sid: "s" }, { sid: "s" }],
  ])("of %j ends the sessions of %j", async (claims, of) => {
    const world = createIssuer([key]);
    const ended: SessionsOf[] = [];
    const token = await sign(world.claims({ events, jti: "j", ...claims }), key, { typ: "logout+jwt" });
    expect((await post(world, [token], ended))?.status).toBe(200);
    expect(ended).toEqual([of]);
  });

  const wrong: readonly (readonly [string, Payload, () => Key])[] = [
    ["an ID token", { events: undefined, nonce: "n" }, () => key],
    ["one without an event", { events: undefined }, () => key],
    ["one with a nonce", { nonce: "n" }, () => key],
    ["another event", { events: { "http://schemas.openid.net/event/other": {} } }, () => key],
    ["an event that is no object", { events: { [Object.keys(events)[0] ?? ""]: true } }, () => key],
    ["nobody's", { sub: undefined }, () => key],
    ["an odd sid beside a sub", { sid: 7 }, () => key],
    ["another client's", { aud: "another-client" }, () => key],
    ["another issuer's", { iss: "https://evil.example" }, () => key],
    ["one that has expired", { exp: 1 }, () => key],
    ["one without an end", { exp: undefined }, () => key],
    ["one from the future", { iat: 4_000_000_000, exp: 4_000_000_100 }, () => key],
    ["a stranger's", {}, () => stranger],
    // The provider publishes that key, and does not announce its algorithm.
    ["one by another algorithm", {}, () => other],
  ];
  it.each(wrong)("refuses %s, and ends nothing", async (_what, claims, by) => {
    const world = createIssuer([key, other]);
    const ended: SessionsOf[] = [];
    const token = await sign(world.claims({ events, ...claims }), by());
    expect((await post(world, [token], ended))?.status).toBe(400);
    expect(ended).toEqual([]);
  });

  it.each([
    ["one that is not signed", { alg: "none" }],
    ["one that says so beside a signature", { alg: "none", kid: "1" }],
  ])("refuses %s, and ends nothing", async (_what, header) => {
    const world = createIssuer([key]);
    const ended: SessionsOf[] = [];
    const [, payload, signature] = (await sign(world.claims({ events }), key)).split(".");
    const end = "kid" in header ? signature : "";
    expect((await post(world, [`${base64url.encode(JSON.stringify(header))}.${payload}.${end}`], ended))?.status).toBe(
      400,
    );
    expect(ended).toEqual([]);
  });

  it("refuses none, two, and what is no token", async () => {
    const world = createIssuer([key]);
    const token = await sign(world.claims({ events }), key);
    for (const tokens of [[], [token, token], ["x"], ["x".repeat(16_400)]]) {
      expect((await post(world, tokens))?.status, String(tokens.length)).toBe(400);
    }
  });
});
