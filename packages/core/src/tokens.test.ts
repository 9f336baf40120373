import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createTokens, expiresAt, expiresWithin, fingerprint, isExpired, type Tokens } from "./index.ts";

const data: Tokens = {
  accessToken: "canary-access",
  tokenType: "Bearer",
  expiresIn: 60,
  scope: ["a"],
  refreshToken: "canary-refresh",
  createdAt: 1000,
  authorizedAt: 500,
};

describe("createTokens", () => {
  it("survives JSON, structuredClone and a copy", () => {
    const tokens = createTokens(data);
    expect(JSON.parse(JSON.stringify(tokens))).toEqual(data);
    expect(createTokens(JSON.parse(JSON.stringify(tokens)))).toEqual(tokens);
    expect(structuredClone(tokens)).toEqual(data);
    expect({ ...tokens }).toEqual(data);
  });

  it("need not say when they were authorized, also as JSON", () => {
    const moved = createTokens({ ...data, authorizedAt: null });
    expect(createTokens(JSON.parse(JSON.stringify(moved))).authorizedAt).toBeNull();
  });

  it("keeps what the provider's check wants back, frozen", () => {
    const tokens = createTokens({ ...data, extra: { sub: "ada" } });
    expect(createTokens(JSON.parse(JSON.stringify(tokens))).extra).toEqual({ sub: "ada" });
    expect(Object.isFrozen(tokens.extra)).toBe(true);
    expect(() => createTokens({ ...data, extra: { sub: 1 } } as unknown as Tokens)).toThrow("These are not tokens");
  });

  it("prints no secret, and cannot be changed", () => {
    const tokens = createTokens(data);
    for (const text of [String(tokens), `${tokens}`, inspect(tokens), inspect({ tokens }, { depth: 9 })]) {
      expect(text).toContain("[redacted]");
      expect(text).not.toContain("canary");
    }
    expect(String(tokens)).toBe("Tokens [redacted]");
    expect(Object.isFrozen(tokens) && Object.isFrozen(tokens.scope)).toBe(true);
  });

  it.each([
    { accessToken: "" },
    { expiresIn: Number.NaN },
    { refreshToken: 5 },
    { scope: "a" },
    { createdAt: null },
    { authorizedAt: undefined },
  ])("refuses %j without printing it", (wrong) => {
    const create = (): Tokens => createTokens({ ...data, ...wrong } as Tokens);
    expect(create).toThrow(expect.objectContaining({ code: "invalid_option", option: "tokens" }));
    expect(create).not.toThrow(/canary/);
  });
});

describe("the expiry", () => {
  it("includes its boundary", () => {
    expect(expiresAt(data)).toBe(61_000);
    expect([60_999, 61_000].map((now) => isExpired(data, now))).toEqual([false, true]);
    expect([50_999, 51_000].map((now) => expiresWithin(data, 10, now))).toEqual([false, true]);
  });

  it("A21 is never reached when it is not known", () => {
    const tokens = { ...data, expiresIn: null };
    expect([expiresAt(tokens), isExpired(tokens), expiresWithin(tokens, 1e9)]).toEqual([null, false, false]);
  });

  it("A21 is reached at once by a lifetime of 0", () => {
    expect(isExpired({ ...data, expiresIn: 0 }, data.createdAt)).toBe(true);
  });
});

describe("fingerprint", () => {
  it("is the start of the digest", async () => {
    expect(await fingerprint("secret")).toBe(createHash("sha256").update("secret").digest("base64url").slice(0, 8));
  });
});
