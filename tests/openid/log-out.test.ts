import type { Profile } from "@pixy/server";
import { beforeAll, describe, expect, it } from "vitest";
import { createKey, type Key } from "../../packages/openid/test/issuer.ts";
import { baseUrl, createOpenIdApp } from "./app.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

const at = (path: string) => `${baseUrl}${path}`;
const metadata = { end_session_endpoint: "https://tenant.example/logout" };

async function loggedIn(logout: boolean) {
  const app = createOpenIdApp<Profile | null>(key, {
    metadata,
    openid: { logout },
    options: { afterLogout: "/goodbye" },
  });
  app.said.claims = { sub: "ada" };
  const browser = app.browser();
  await browser.login(at("/auth/login?returnTo=/"), { person: "ada" });
  const out = () => browser.submit(at("/auth/logout"), {}, { follow: false });
  return { ...app, browser, out };
}

describe("a logout", () => {
  it("goes on at the provider, which is told who it was and where to lead back", async () => {
    const { browser, out } = await loggedIn(true);
    const answer = await out();
    const location = new URL(answer.headers.get("location") ?? "");
    expect([answer.status, location.origin + location.pathname]).toEqual([303, metadata.end_session_endpoint]);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      client_id: "client-of-the-app",
      post_logout_redirect_uri: at("/goodbye"),
      id_token_hint: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect(answer.setCookies.some((line) => line.startsWith("__Host-pixy=;"))).toBe(true);
    expect((await browser.navigate(at("/"))).json()).toBeNull();
  });

  it("has the ID token of the last refresh that brought one", async () => {
    const { browser, out, clock, said } = await loggedIn(true);
    said.claims = { sub: "ada", nonce: undefined, sid: "after the refresh" };
    clock.advance(3_600_000);
    expect((await browser.call(at("/me"))).status).toBe(200);
    said.claims = null;
    clock.advance(3_600_000);
    expect((await browser.call(at("/me"))).status).toBe(200);
    await browser.navigate(at("/"));
    const hint = new URL((await out()).headers.get("location") ?? "").searchParams.get("id_token_hint") ?? "";
    expect(atob(hint.split(".")[1] ?? "")).toContain("after the refresh");
  });

  it("with an ID token of 9 kB, which no cookie carries, says by `logout_hint` whose login ends", async () => {
    const app = createOpenIdApp<Profile | null>(key, { metadata, openid: { logout: true } });
    app.said.claims = { sub: "ada", sid: "login-1", groups: Array.from({ length: 150 }, () => crypto.randomUUID()) };
    const browser = app.browser();
    await browser.login(at("/auth/login?returnTo=/"), { person: "ada" });
    const cookies = await browser.cookies(at("/"));
    expect(cookies.map(({ value }) => value).join("").length).toBeLessThan(4_000);
    const answer = await browser.submit(at("/auth/logout"), {}, { follow: false });
    expect(Object.fromEntries(new URL(answer.headers.get("location") ?? "").searchParams)).toEqual({
      ...{ client_id: "client-of-the-app", post_logout_redirect_uri: at("/"), logout_hint: "login-1" },
    });
  });

  it("stays here where it is not asked for, where nobody is logged in, and where the form is another site's", async () => {
    const { out } = await loggedIn(false);
    expect((await out()).headers.get("location")).toBe("/goodbye");
    const other = await loggedIn(true);
    await other.out();
    expect((await other.out()).headers.get("location")).toBe("/goodbye");
    const third = await loggedIn(true);
    const headers = { "sec-fetch-site": "cross-site" };
    const foreign = await third.browser.submit(at("/auth/logout"), {}, { follow: false, headers });
    expect([foreign.status, foreign.headers.get("location")]).toEqual([403, null]);
  });
});
