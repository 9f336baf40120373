import { createTokens } from "@pixy/core";
import { beforeAll, describe, expect, it } from "vitest";
import { clientId, createIssuer, createKey, issuer, type Key, type Payload, sign } from "../test/issuer.ts";
import { type OpenIdOptions, openid } from "./index.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

const returnTo = "https://app.example/goodbye";
const extra = { nonce: "n" };

/** Where a logout leads after a login with an ID token of these claims. */
async function logout(
  options: OpenIdOptions["logout"],
  claims: Payload = {},
  end: unknown = `${issuer}/logout?theme=1`,
) {
  const world = createIssuer([key], { end_session_endpoint: end });
  const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now, logout: options })();
  const id_token = await sign(world.claims({ ...extra, ...claims }), key);
  const checked = await provider.checkTokens?.({ id_token }, { request: "code", clientId, now: world.now, extra });
  const tokens = createTokens({
    ...{ accessToken: "a", tokenType: "Bearer", expiresIn: 60, scope: [], refreshToken: null, createdAt: 0 },
    ...{ authorizedAt: 0, extra: checked?.extra },
  });
  const uri = await provider.logoutUri?.({ clientId, tokens, returnTo });
  return { id_token, extra: checked?.extra, uri: uri === undefined || uri === null ? null : new URL(uri) };
}

describe("a logout at the provider", () => {
  it("is not wanted unless it is asked for, and then no ID token is kept", async () => {
    for (const wish of [undefined, false]) {
      expect(await logout(wish)).toMatchObject({ extra: { sub: "person-1" }, uri: null });
    }
  });

  it("names the login by its ID token, the client, and where to go from there", async () => {
    const { uri, id_token } = await logout(true);
    expect(uri?.href.startsWith(`${issuer}/logout?theme=1&`)).toBe(true);
    expect(Object.fromEntries(uri?.searchParams ?? [])).toEqual({
      ...{ theme: "1", client_id: clientId, post_logout_redirect_uri: returnTo, id_token_hint: id_token },
    });
  });

  it("takes further parameters, and goes without the ID token where it is not to be kept", async () => {
    const { uri, extra: kept } = await logout({ parameters: { state: "s", ui_locales: "de" }, idTokenHint: false });
    expect(kept).toEqual({ sub: "person-1" });
    expect(Object.fromEntries(uri?.searchParams ?? [])).toMatchObject({ state: "s", ui_locales: "de" });
    expect(uri?.searchParams.has("id_token_hint")).toBe(false);
  });

  it.each<[Payload, string | undefined]>([
    [{ login_hint: "O.AAA", sid: "s-1" }, "O.AAA"],
    [{ sid: "s-1" }, "s-1"],
    [{ login_hint: "h".repeat(513), sid: "s-1" }, "s-1"],
    [{ login_hint: ["O.AAA"], sid: "" }, undefined],
    [{}, undefined],
  ])("of an ID token of more than 2 kB keeps what names the login: %j", async (claims, hint) => {
    const { uri, extra: kept } = await logout(true, { ...claims, groups: "g".repeat(2_000) });
    expect(kept).toEqual({ sub: "person-1", ...(hint === undefined ? {} : { logoutHint: hint }) });
    expect(Object.fromEntries(uri?.searchParams ?? [])).toEqual({
      ...{ theme: "1", client_id: clientId, post_logout_redirect_uri: returnTo },
      ...(hint === undefined ? {} : { logout_hint: hint }),
    });
  });

  it("needs a provider that has one", async () => {
    await expect(logout(true, {}, null)).rejects.toMatchObject({ code: "invalid_metadata" });
    await expect(logout(true, {}, "http://tenant.example/logout")).rejects.toMatchObject({ code: "invalid_metadata" });
  });

  it.each(["id_token_hint", "logout_hint", "post_logout_redirect_uri", "client_id"])("sets %s itself", (name) => {
    const options = { logout: { parameters: { [name]: "x" } } };
    expect(() => openid(issuer, options)).toThrow(expect.objectContaining({ code: "reserved_parameter" }));
  });
});
