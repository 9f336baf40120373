import { defineProvider, type KeptMembers, type Provider, secretBasic } from "@pixy/core";
import { createGrants, type Grants, memoryStore } from "@pixy/grants";
import { salesforce } from "@pixy/providers/salesforce";
import { createAuth, fromRequest } from "@pixy/server";
import { createAuthorizationServer, createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

// Each org of Salesforce has an API of its own, which the answer names.

const ada = { owner: "ada" };
const own = "https://engines.my.salesforce.com";
const scope = ["openid", "refresh_token"];

function createOrg() {
  const clock = createClock(Date.UTC(2026, 0, 1));
  const server = createAuthorizationServer({ as: "salesforce", clock });
  const { fetch } = server;
  const store = memoryStore({ now: clock.now });
  const again = (provider: Provider = salesforce): Grants =>
    createGrants({
      providers: { salesforce: { provider, clientId: "app", clientAuthentication: secretBasic("secret") } },
      ...{ secret, store, fetch, now: clock.now },
    });
  const grants = again();
  return {
    ...{ clock, server, fetch, again, grants },
    save(kept?: KeptMembers) {
      const issued = server.issueTokens({ clientId: "app", person: "ada", scope });
      return grants.save(ada, { ...issued, createdAt: clock.now() }, kept && { kept });
    },
    /** Where the last request for the org's data went. */
    asked: () =>
      server.requests.filter(({ url }) => url.includes("/services/data")).map(({ url }) => new URL(url).origin),
  };
}

describe("a grant whose API an answer named", () => {
  it("is fetched from there, after a refresh and in another process, too", async () => {
    const { grants, again, save, clock, asked } = createOrg();
    await save({ instance_url: `${own}/`, id: "not kept" });
    expect((await grants.of(ada).fetch("/services/data")).status).toBe(200);
    clock.advance(3 * 3_600_000);
    expect((await again().of(ada).fetch("/services/data")).status).toBe(200);
    expect(asked()).toEqual([own, own]);
    await expect(grants.of(ada).fetch("https://login.salesforce.com/services/data")).rejects.toThrow(/must not go/);
  });

  it.each(["https://evil.example", "http://engines.my.salesforce.com", "https://engines.my.salesforce.com:8443", 7])(
    "is not saved with %j",
    async (instance_url) => {
      const { grants, save } = createOrg();
      const hint = expect.stringContaining(".salesforce.com");
      await expect(save({ instance_url })).rejects.toMatchObject({ option: "kept.instance_url", hint });
      expect(await grants.has(ada)).toBe(false);
    },
  );

  it("follows a refresh to another host, and to none of somebody else's", async () => {
    const { grants, save, server, clock, asked } = createOrg();
    await save({ instance_url: own });
    const theirs = grants.of(ada);
    for (const instance_url of ["https://moved.my.salesforce.com", "https://evil.example"]) {
      clock.advance(3 * 3_600_000);
      server.fault({ at: "token", kind: "members", set: { instance_url }, times: 1 });
      await theirs.tokens();
      await theirs.fetch("/services/data");
    }
    expect(asked()).toEqual(["https://moved.my.salesforce.com", "https://moved.my.salesforce.com"]);
  });

  it("is not fetched from a host that the provider has no more", async () => {
    const { again, save, asked } = createOrg();
    await save({ instance_url: own });
    const apiFrom = { member: "instance_url", hosts: [".salesforce.example"] };
    await again(defineProvider({ ...salesforce, apiFrom }))
      .of(ada)
      .fetch("/services/data");
    expect(asked()).toEqual(["https://login.salesforce.com"]);
  });

  it("has that of the login where it was connected", async () => {
    const { grants, server, fetch, clock, asked } = createOrg();
    const origin = "https://app.example";
    const auth = createAuth({
      ...{ grants, baseUrl: origin, scope, fetch, now: clock.now },
      ownerOf: () => "ada",
      accountOf: async (login) => (await login.profile()).id,
    });
    const press = new Request(`${origin}/connect`, { method: "POST", headers: { "sec-fetch-site": "same-origin" } });
    const answer = await auth.connect(auth.open(fromRequest(press)), { owner: "ada" });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const callback = await server.authorize(answer.headers.get("location") ?? "", { person: "ada" });
    const back = new Request(callback, { headers: { cookie, "sec-fetch-mode": "navigate" } });
    expect((await auth.handle(back)).status).toBe(303);
    expect((await grants.of(ada).fetch("/services/data")).status).toBe(200);
    expect(asked()).toEqual([own]);
  });
});
