import { describe, expect, it } from "vitest";
import { clientId, createIssuer, createKey, issuer } from "../test/issuer.ts";
import { type OpenIdOptions, openid } from "./index.ts";

describe("openid", () => {
  it.each([
    ["tenant", { tenant: "x" }],
    ["algorithms", { algorithms: ["none"] }],
    ["algorithms", { algorithms: ["HS256"] }],
    ["algorithms", { algorithms: [] }],
    ["clockSkew", { clockSkew: 3600 }],
    ["clockSkew", { clockSkew: Number.NaN }],
    ["tenants", { tenants: "any" }],
    ["tenants", { issuerPattern: `${issuer}/{tenantid}` }],
    ["tenants", { issuerPattern: `${issuer}/{tenantid}`, tenants: ["common"] }],
    ["issuerPattern", { issuerPattern: `${issuer}/x`, tenants: "any" }],
    ["issuerPattern", { issuerPattern: `${issuer}/{tenantid}x`, tenants: "any" }],
    ["issuerPattern", { issuerPattern: "https://evil.example/{tenantid}", tenants: "any" }],
    ["fetch", { fetch: "fetch" }],
  ])("refuses a wrong %s when it is given", (option, options) => {
    expect(() => openid(issuer, options as OpenIdOptions)).toThrow(expect.objectContaining({ option }));
  });

  it("asks nobody before its first use, and returns one provider until the metadata change", async () => {
    const world = createIssuer([await createKey("1")]);
    const find = openid(issuer, { fetch: world.fetch, now: () => world.now, provider: { api: "https://api.example" } });
    expect(world.asked).toEqual([]);
    const provider = await find();
    expect(provider).toMatchObject({ issuer, api: "https://api.example", tokenEndpoint: `${issuer}/token` });
    expect(await find()).toBe(provider);
    world.published.metadata.token_endpoint = `${issuer}/v2/token`;
    world.now += 3_600_000;
    expect((await find()).tokenEndpoint).toBe(`${issuer}/v2/token`);
  });

  it("sends another nonce with each login, and none without the scope openid", async () => {
    const world = createIssuer([await createKey("1")]);
    const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now })();
    const start = { clientId, scope: ["openid"], state: "s", codeChallenge: "c", parameters: {} };
    const nonces = await Promise.all(
      [1, 2].map(async () => (await provider.authorizationParameters?.(start))?.parameters?.nonce),
    );
    expect(new Set(nonces).size).toBe(2);
    for (const nonce of nonces) expect(nonce).toMatch(/^[\w-]{43}$/);
    expect(() => provider.authorizationParameters?.({ ...start, scope: ["profile"] })).toThrow(
      expect.objectContaining({ option: "scope" }),
    );
  });
});
