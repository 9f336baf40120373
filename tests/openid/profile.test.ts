import { loginParameters } from "@pixy/openid";
import { type FullProfile, fromRequest, type Profile } from "@pixy/server";
import { beforeAll, describe, expect, it } from "vitest";
import { createKey, type Key } from "../../packages/openid/test/issuer.ts";
import { baseUrl, createOpenIdApp } from "./app.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

const at = (path: string) => `${baseUrl}${path}`;
const claims = { sub: "ada", name: "Ada", email: "ada@tenant.example", email_verified: true };

describe("the profile of a person with an ID token", () => {
  it("is what the session holds without onLogin, and nobody is asked for it", async () => {
    const { browser, said, sent } = createOpenIdApp<Profile | null>(key);
    said.claims = claims;
    const person = browser();
    await person.login(at("/auth/login?returnTo=/"), { person: "ada" });
    expect(person.page?.json()).toMatchObject({
      data: { id: "ada", name: "Ada", email: "ada@tenant.example", emailVerified: true, picture: null },
    });
    expect(sent).not.toContain("/userinfo");
    expect(new URL(person.hops[1]?.url ?? "").searchParams.get("scope")).toBe("openid profile email");
  });

  it("has what the userinfo endpoint says laid over it, where that is wanted", async () => {
    const seen: FullProfile[] = [];
    const { browser, said, sent } = createOpenIdApp<{ name: string | null }>(key, {
      openid: { userinfo: true },
      options: {
        async onLogin(login) {
          seen.push(await login.profile());
          return { name: seen[0]?.name ?? null };
        },
      },
    });
    said.claims = { sub: "ada", email: "ada@tenant.example" };
    said.userinfo = { sub: "ada", name: "Ada Lovelace", picture: "https://tenant.example/ada.png" };
    const person = browser();
    await person.login(at("/auth/login?returnTo=/"), { person: "ada" });
    expect(person.page?.json()).toMatchObject({ data: { name: "Ada Lovelace" } });
    expect(seen).toEqual([
      {
        ...{ id: "ada", name: "Ada Lovelace", email: "ada@tenant.example", emailVerified: null },
        picture: "https://tenant.example/ada.png",
        raw: expect.objectContaining({ sub: "ada", iss: "https://tenant.example", name: "Ada Lovelace" }),
      },
    ]);
    expect(sent.filter((path) => path === "/userinfo")).toHaveLength(1);
  });

  it.each([
    ["another sub", { sub: "grace", name: "Grace" }],
    ["no sub", { name: "Grace" }],
  ])("is refused where the userinfo endpoint answers with %s, with onLogin and without", async (_what, userinfo) => {
    const asks = {
      onLogin: async (login: { profile(): Promise<FullProfile> }) => ({ name: (await login.profile()).name }),
    };
    for (const options of [{}, asks]) {
      const { browser, said, events } = createOpenIdApp<unknown>(key, { openid: { userinfo: true }, options });
      said.claims = claims;
      said.userinfo = userinfo;
      const person = browser();
      expect((await person.login(at("/auth/login?returnTo=/"), { person: "ada" })).status).toBe(403);
      expect(events.at(-1)).toMatchObject({ type: "login.failed", code: "profile_of_another" });
      expect((await person.navigate(at("/"))).json()).toBeNull();
    }
  });
});

describe("what a login asks for", () => {
  it("goes to the provider, and what comes back is held to it", async () => {
    const { auth, browser, said, clock, events } = createOpenIdApp<Profile | null>(key);
    const parameters = loginParameters({ prompt: "login", maxAge: 60, acrValues: ["phr"], loginHint: "ada" });
    for (const [acr, age, code] of [
      ["phr", 30, null],
      ["pwd", 30, "id_token_authentication_context"],
      ["phr", 200, "id_token_authentication_time"],
    ] as const) {
      const handle = auth.open(fromRequest(new Request(at("/x"))));
      const response = await auth.login(handle, { returnTo: "/", parameters });
      const url = new URL(response.headers.get("location") ?? "");
      expect(Object.fromEntries(url.searchParams)).toMatchObject({ ...parameters, nonce: expect.any(String) });
      said.nonce = url.searchParams.get("nonce") ?? "";
      said.claims = { sub: "ada", acr, auth_time: Math.floor(clock.now() / 1000) - age };
      const person = browser();
      for (const line of response.headers.getSetCookie()) await person.setCookie(at("/"), line);
      const page = await person.login(url, { person: "ada" });
      expect(page.status).toBe(code === null ? 200 : 400);
      if (code !== null) expect(events.at(-1)).toMatchObject({ error: { cause: { cause: { code } } } });
    }
  });
});
