import { describe, expect, it } from "vitest";
import { type CookieContext, createBrowserJar } from "./cookie-jar.ts";

const own: CookieContext = { site: "same-origin", isNavigation: true, method: "GET" };
const foreign: CookieContext = { ...own, site: "cross-site" };
const app = new URL("https://app.example/");

describe("what is kept", () => {
  it.each([
    ["https://app.example/", "__Host-a=1; Secure; Path=/", true],
    ["http://127.0.0.1:3000/", "__Host-a=1; Secure; Path=/", true],
    ["http://127.0.0.1:3000/", "a=1", true],
    ["https://app.example/", "__Host-a=1; Path=/", false],
    ["https://app.example/", "__Host-a=1; Secure; Path=/x", false],
    ["https://app.example/", "__Host-a=1; Secure; Path=/; Domain=app.example", false],
    ["https://app.example/", "__Secure-a=1", false],
    ["http://app.example/", "a=1; Secure", false],
    ["https://app.example/", "a=1; SameSite=None", false],
    ["https://app.example/", "a=1; SameSite=None; Secure", true],
    ["https://app.example/", "a=1; Domain=other.example", false],
    ["https://app.example/", "", false],
  ])("%s sends %s: %s", async (url, header, kept) => {
    const jar = createBrowserJar();
    await jar.store([header], new URL(url), own);
    expect(await jar.list(new URL(url))).toHaveLength(kept ? 1 : 0);
  });

  it("tells what a test wants to know", async () => {
    const jar = createBrowserJar();
    await jar.store(["a=1; HttpOnly; Secure; Path=/; SameSite=Strict", "b=2"], app, own);
    expect(await jar.list(app)).toEqual([
      {
        name: "a",
        value: "1",
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "strict",
        hostOnly: true,
        expiresAt: null,
      },
      {
        name: "b",
        value: "2",
        path: "/",
        secure: false,
        httpOnly: false,
        sameSite: "lax",
        hostOnly: true,
        expiresAt: null,
      },
    ]);
    await jar.store(["a=; Max-Age=0; Path=/"], app, own);
    expect((await jar.list(app)).map(({ name }) => name)).toEqual(["b"]);
  });

  it("takes no SameSite cookie from a foreign site's script", async () => {
    const jar = createBrowserJar();
    await jar.store(["lax=1", "none=1; SameSite=None; Secure"], app, { ...foreign, isNavigation: false });
    expect(await jar.header(app, own)).toBe("none=1");
  });
});

describe("what is sent", () => {
  it("is a name with the spaces that a browser leaves in it: only space and tab are trimmed", async () => {
    const jar = createBrowserJar();
    const parent = "Domain=app.example; Path=/";
    await jar.store([`\u00a0__Host-a=1\u00a0; ${parent}`, ` \t__Host-b\t= 2 ; Secure; Path=/`], app, own);
    expect(await jar.header(app, own)).toBe("\u00a0__Host-a=1\u00a0; __Host-b=2");
  });

  it("obeys SameSite", async () => {
    const jar = createBrowserJar();
    await jar.store(["lax=1", "strict=1; SameSite=Strict", "none=1; SameSite=None; Secure"], app, own);
    expect(await jar.header(app, own)).toBe("lax=1; strict=1; none=1");
    expect(await jar.header(app, { ...own, site: "none" })).toBe("lax=1; strict=1; none=1");
    expect(await jar.header(app, foreign)).toBe("lax=1; none=1");
    expect(await jar.header(app, { ...foreign, method: "POST" })).toBe("none=1");
    expect(await jar.header(app, { ...foreign, isNavigation: false })).toBe("none=1");
  });

  it("obeys host and path, not the port", async () => {
    const jar = createBrowserJar();
    const url = new URL("http://127.0.0.1:3001/auth/login");
    await jar.store(["deep=1; Path=/auth", "top=1; Path=/"], url, own);
    expect(await jar.header(new URL("http://127.0.0.1:3002/auth/x"), own)).toBe("deep=1; top=1");
    expect(await jar.header(new URL("http://127.0.0.1:3001/authx"), own)).toBe("top=1");
    expect(await jar.header(new URL("http://localhost:3001/"), own)).toBeNull();
  });

  it("is the clone's own from then on", async () => {
    const jar = createBrowserJar();
    await jar.store(["a=1"], app, own);
    const clone = await jar.clone();
    await clone.store(["b=2"], app, own);
    expect([await jar.header(app, own), await clone.header(app, own)]).toEqual(["a=1", "a=1; b=2"]);
  });
});
