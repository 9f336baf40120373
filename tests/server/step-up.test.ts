import { fromRequest } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp } from "../lib/web-app.ts";

/** Somebody who is logged in, and the way to the consent for a scope. */
async function stage() {
  const { auth, origin, browser, clock } = createWebApp();
  const person = browser();
  await person.login(`${origin}/auth/login`, { person: "ada" });
  const cookie = (await person.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
  const open = () => auth.open(fromRequest(new Request(`${origin}/`, { headers: { cookie } })));
  const ways = {
    way: (scope: readonly string[], returnTo = "/playlists") => auth.stepUpPath(open(), scope, returnTo),
    /** What the provider is asked for at a path of the login route, of this person or of a stranger. */
    async asked(path: string, whose: string = cookie): Promise<string[] | undefined> {
      const answer = await auth.handle(new Request(`${origin}${path}`, { headers: { cookie: whose } }));
      return new URL(answer.headers.get("location") ?? "").searchParams.get("scope")?.split(" ").sort();
    },
  };
  const another = browser();
  await another.login(`${origin}/auth/login`, { person: "grace" });
  const others = (await another.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
  return { clock, others, ...ways };
}

const usual = ["user-read-private"];

describe("the way to a missing scope", () => {
  it("asks for what is there and what is missing, as long as a login may take", async () => {
    const { clock, way, asked } = await stage();
    const path = (await way(["playlist-read-private"])) ?? "";
    expect(path).toMatch(/^\/auth\/login\?returnTo=%2Fplaylists&scope=[\w.-]+$/);
    expect(await asked(path)).toEqual(["playlist-read-private", ...usual]);
    clock.advance(15 * 60_000 + 1);
    expect(await asked(path)).toEqual(usual);
  });

  it("asks nobody else: a link that was sealed for one person is an ordinary login for another", async () => {
    const { way, asked, others } = await stage();
    const path = (await way(["playlist-read-private"])) ?? "";
    expect([await asked(path, others), await asked(path, "")]).toEqual([usual, usual]);
  });

  it("takes no scope that nobody sealed, and none of two", async () => {
    const { way, asked } = await stage();
    const path = (await way(["playlist-read-private"])) ?? "";
    const sealed = new URLSearchParams(path).get("scope");
    for (const given of ["scope=playlist-read-private", `scope=${sealed}x`, `scope=${sealed}&scope=${sealed}`]) {
      expect(await asked(`/auth/login?${given}`)).toEqual(usual);
    }
  });

  it("is none for who was asked already, has just said no, or would be asked for more than is read", async () => {
    const { way } = await stage();
    expect(await way(usual)).toBeNull();
    expect(await way(["playlist-read-private"], "/playlists?auth_error=login_denied")).toBeNull();
    expect(await way(Array.from({ length: 500 }, (_, index) => `a-scope-${index}`))).toBeNull();
  });
});
