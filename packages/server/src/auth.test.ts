import { ConfigurationError } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { incoming, secret } from "../test/settings.ts";
import { createAuth } from "./auth.ts";
import type { OptionsFor } from "./settings/options.ts";

const options: OptionsFor<unknown> = {
  provider: spotify,
  clientId: "client-of-the-app",
  baseUrl: "https://app.example",
  secret,
  scope: ["user-read-private"],
  fetch: () => Promise.reject(new Error("Nothing here asks the provider.")),
};
const auth = createAuth(options);

describe("the login of an app", () => {
  it("refuses options that cannot be used as it is made, not at the first login", () => {
    expect(() => createAuth({ ...options, baseUrl: "http://app.example" })).toThrow(
      expect.objectContaining({ name: "ConfigurationError", option: "baseUrl" }),
    );
  });

  it("shows its settings without the secrets", () => {
    expect(auth.settings).not.toHaveProperty("secrets");
    expect(JSON.stringify(auth.settings)).not.toContain(secret);
    expect(auth.settings).toMatchObject({ ways: [{ clientId: "client-of-the-app" }], loginUrl: "/auth/login" });
    expect(Object.isFrozen(auth.settings)).toBe(true);
  });

  it("answers its routes on web standards", async () => {
    const session = await auth.handle(new Request("https://app.example/auth/session"));
    expect(await session.json()).toEqual({ loggedIn: false });
    const login = await auth.handle(new Request("https://app.example/auth/login?returnTo=/me"));
    expect(login.status).toBe(302);
    expect(login.headers.get("location")).toMatch(/^https:\/\/accounts\.spotify\.com\/authorize\?/);
    expect(login.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-pixy-login-/)]);
  });

  it("has no other routes", async () => {
    for (const path of ["/auth", "/auth/renew", "/me"]) {
      expect(auth.routeOf(incoming(path))).toBeNull();
      const answer = await auth.respond(auth.open(incoming(path)));
      expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ code: "not_found" })]);
    }
  });

  it("takes each route's own methods: a link checker starts no login, and a link ends no session", async () => {
    const answers = await Promise.all(
      [
        ["HEAD", "login"],
        ["POST", "login"],
        ["HEAD", "callback"],
        ["GET", "logout"],
        ["POST", "session"],
      ].map(([method, route]) => auth.respond(auth.open(incoming(`/auth/${route}`, {}, method)))),
    );
    expect(answers.map(({ status, headers }) => [status, headers.get("allow")])).toEqual([
      [405, "GET"],
      [405, "GET"],
      [405, "GET"],
      [405, "POST"],
      [405, "GET, HEAD"],
    ]);
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
  });
});

describe("what an adapter asks", () => {
  const page = () => auth.open(incoming("/me?page=2", { accept: "text/html" }));
  const call = () => auth.open(incoming("/me", { accept: "application/json" }));

  it("is whether somebody is logged in: a page is led to the login, a call is told", async () => {
    const led = await auth.requireLogin(page());
    expect(led).toBeInstanceOf(Response);
    expect((led as Response).headers.get("location")).toBe("/auth/login?returnTo=%2Fme%3Fpage%3D2");
    const told = await auth.requireScope(call(), ["streaming"]);
    expect((told as Response).status).toBe(401);
  });

  it("is a login from server code, with more than the login route takes", async () => {
    const answer = await auth.login(page(), { scope: ["streaming"], clientId: "own-client", returnTo: "/player" });
    const { searchParams } = new URL(answer.headers.get("location") ?? "");
    expect([searchParams.get("scope"), searchParams.get("client_id")]).toEqual(["streaming", "own-client"]);
    await expect(auth.login(page(), { returnTo: "//evil.example" })).rejects.toSatisfy(ConfigurationError.isInstance);
  });

  it("is the answer to an error of ours, and to no other", async () => {
    const error: unknown = await call()
      .requireSession()
      .catch((reason: unknown) => reason);
    expect((await auth.errorResponse(error, call()))?.status).toBe(401);
    expect(auth.errorResponse(new TypeError("undefined is not a function"), call())).toBeNull();
  });
});
