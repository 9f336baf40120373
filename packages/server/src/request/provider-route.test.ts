import { defineProvider, type ProviderRoute } from "@pixy/core";
import { memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { secret } from "../../test/settings.ts";
import { createAuth } from "../auth.ts";
import type { PixyOptions } from "../settings/options.ts";

const origin = "https://app.example";
const echo: ProviderRoute = ({ form, header }, { clientId }) =>
  new Response(`${form} ${header("x-extra")} ${clientId}`, { status: 202, headers: { "cache-control": "public" } });
const withRoutes = defineProvider({ ...spotify, routes: { echo } });
const common = { clientId: "client-of-the-app", baseUrl: origin, secret, store: memoryStore() };

function authWith(change: Partial<PixyOptions<undefined>> = {}) {
  return createAuth({ ...common, provider: withRoutes, ...change } as typeof common & { provider: typeof spotify });
}

function post(path: string, body = "a=1", method = "POST") {
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-extra": "more" };
  return new Request(`${origin}${path}`, { method, headers, ...(method === "POST" ? { body } : {}) });
}

describe("a route of a provider's own", () => {
  it("gets the form, and its answer is kept by no cache", async () => {
    const answer = await authWith().handle(post("/auth/provider/echo"));
    expect([answer.status, await answer.text()]).toEqual([202, "a=1 more client-of-the-app"]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  it("is posted to, by its name and nothing like it", async () => {
    const auth = authWith();
    expect((await auth.handle(post("/auth/provider/echo", "", "GET"))).status).toBe(405);
    const names = ["", "Echo", "echo//", "echo/x", "constructor", "__proto__", "%65cho", "other"];
    for (const name of names) expect((await auth.handle(post(`/auth/provider/${name}`))).status).toBe(404);
  });

  it("is there only where the provider has one", async () => {
    const auth = authWith({ provider: spotify });
    expect((await auth.handle(post("/auth/provider/echo"))).status).toBe(404);
  });

  it("takes no other body than a form of at most 16 kB", async () => {
    const answer = await authWith().handle(post("/auth/provider/echo", "a".repeat(16_385)));
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: "form_unusable" })]);
  });

  it("is found with a provider that is found at first use", async () => {
    const auth = authWith({ provider: () => withRoutes });
    expect((await auth.handle(post("/auth/provider/other"))).status).toBe(404);
    expect((await auth.handle(post("/auth/provider/echo"))).status).toBe(202);
  });

  it("is told apart by the key of its provider where there are several", async () => {
    const auth = createAuth({
      ...{ baseUrl: origin, secret, store: memoryStore() },
      providers: {
        one: { provider: withRoutes, clientId: "first" },
        two: { provider: withRoutes, clientId: "second" },
      },
    });
    expect(await (await auth.handle(post("/auth/provider/two/echo"))).text()).toBe("a=1 more second");
    expect((await auth.handle(post("/auth/provider/echo"))).status).toBe(404);
  });

  it("needs a store in which sessions can be found", () => {
    for (const store of [undefined, { ...memoryStore(), index: undefined }] as (typeof common.store | undefined)[]) {
      expect(() => authWith({ store })).toThrow(
        expect.objectContaining({
          name: "ConfigurationError",
          option: "store",
          hint: expect.stringContaining("index"),
        }),
      );
    }
  });
});
