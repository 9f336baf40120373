import { spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, type Decision } from "@pixy/testing";
import { NextRequest } from "next/server.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pathHeader } from "./forwarded-path.ts";
import { type PageOptions, type PixyOptions, pixy } from "./index.ts";

const origin = "https://app.example";
const needed = "playlist-read-private";
interface Data {
  readonly role: string;
}

// What Next tells a page of the request, where no Next runs.
const asked = vi.hoisted(() => ({ headers: {} as Record<string, string> }));
vi.mock("next/headers.js", async () => {
  const { NextRequest: Request } = await import("next/server.js");
  const request = () => new Request("https://app.example", { headers: asked.headers });
  return { headers: async () => request().headers, cookies: async () => request().cookies };
});

afterEach(() => vi.unstubAllEnvs());

function stage() {
  const provider = createAuthorizationServer({ issuer: spotify.issuer });
  const options: PixyOptions<Data> = {
    ...{ provider: spotify, clientId: "client", baseUrl: origin, name: "page", scope: ["user-read-private"] },
    ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", fetch: provider.fetch, onEvent: () => {} },
    onLogin: () => ({ role: "reader" }),
  };
  const auth = pixy(options);
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map((pair) => pair.join("=")).join("; ");

  async function get(url: string): Promise<string> {
    const answer = await auth.handlers.GET(new NextRequest(new URL(url, origin), { headers: { cookie: cookie() } }));
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer.headers.get("location") ?? "";
  }

  return {
    get,
    async login(url: string, person: Decision): Promise<{ readonly scope: string; readonly back: string }> {
      const at = await get(url);
      const scope = new URL(at).searchParams.get("scope") ?? "";
      return { scope, back: await get(await provider.authorize(at, { person })) };
    },
    /** What comes of a page: who is there, or where it leads, or its error. */
    async page(guard: PageOptions<Data>, path = "/playlists?page=2"): Promise<string> {
      asked.headers = { cookie: cookie(), [pathHeader]: path };
      return auth.requireLogin(guard).then(
        (login) => login.current.data.role,
        ({ digest = "none" }: { digest?: string }) => digest,
      );
    },
  };
}

describe("a page that asks for more than a login", () => {
  it("leads to the consent for its scope, once, and back", async () => {
    const { get, login, page } = stage();
    expect(await page({ scope: [needed] })).toContain("/auth/login?returnTo=%2Fplaylists%3Fpage%3D2;");
    await login("/auth/login", "ada");
    expect(await page({ scope: ["user-read-private"] })).toBe("reader");

    const digest = await page({ scope: [needed] });
    const [, there = ""] = /^NEXT_REDIRECT;\w+;(https:\/\/app\.example\/auth\/login\?[^;]+);307;$/.exec(digest) ?? [];
    const { scope, back } = await login(there, "ada");
    expect(scope.split(" ").sort()).toEqual([needed, "user-read-private"].sort());
    expect(back).toBe("/playlists?page=2");
    expect(await page({ scope: [needed] })).toBe("reader");

    // Nobody else has an app ask for more than it wants.
    for (const forged of ["user-modify-playback-state", `${new URL(there).searchParams.get("scope")}x`]) {
      const at = await get(`/auth/login?scope=${forged}`);
      expect(new URL(at).searchParams.get("scope")).toBe("user-read-private");
    }
  });

  it("does not ask again whoever has just said no", async () => {
    const { login, page } = stage();
    await login("/auth/login", "ada");
    const [, there = ""] = /^NEXT_REDIRECT;\w+;([^;]+);/.exec(await page({ scope: [needed] })) ?? [];
    const { back } = await login(there, "deny");
    expect(back).toMatch(/^\/playlists\?page=2&auth_error=/);
    expect(await page({ scope: [needed] }, back)).toBe("pixy/insufficient_scope");
  });

  it("keeps out whom its predicate does not let in", async () => {
    const { login, page } = stage();
    await login("/auth/login", "ada");
    expect(await page({ allow: ({ current }) => current.data.role === "reader" })).toBe("reader");
    expect(await page({ allow: async ({ current }) => current.data.role === "editor" })).toBe("pixy/not_allowed");
    // With this option of Next's its own 403.
    vi.stubEnv("__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS", "true");
    expect(await page({ allow: () => false })).toBe("NEXT_HTTP_ERROR_FALLBACK;403");
  });

  it("refuses options that nobody would read", async () => {
    const auth = pixy(() => ({}) as never);
    await expect(auth.requireLogin({ scope: [] })).rejects.toMatchObject({ code: "invalid_option", option: "scope" });
    await expect(auth.requireLogin({ roles: [] } as never)).rejects.toThrow("roles");
  });
});
