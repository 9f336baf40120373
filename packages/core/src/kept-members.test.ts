import { describe, expect, it } from "vitest";
import { apiOf, isKept, keptApi, readKept, restateKept, withApiOf } from "./kept-members.ts";
import { defineProvider } from "./provider.ts";

const endpoints = {
  ...{ name: "as", issuer: "https://as.example", api: "https://login.as.example" },
  ...{ authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "https://as.example/token" },
};
const apiFrom = { member: "instance_url", hosts: [".as.example"] };

describe("readKept", () => {
  it("gives what the provider lists and the answer has, and nothing inherited", () => {
    const provider = defineProvider({ ...endpoints, keep: ["team", "absent", "toString"] });
    expect(readKept(provider, { team: { id: "T1" }, access_token: "secret" })).toEqual({ team: { id: "T1" } });
    expect(readKept(defineProvider(endpoints), { team: 1 })).toEqual({});
  });
});

describe("apiOf", () => {
  it.each(["https://acme.my.as.example", "https://ACME.my.as.example/"])("takes %s", (instance_url) => {
    expect(apiOf(defineProvider({ ...endpoints, apiFrom }), { instance_url })).toBe("https://acme.my.as.example");
  });

  it.each([
    "http://acme.as.example",
    "https://as.example",
    "https://evil-as.example",
    "https://acme.as.example.evil.example",
    "https://acme.as.example@evil.example",
    "https://evil.example/.as.example",
    "https://evil.example#.as.example",
    "https://evil.example\\.as.example",
    "https://acme.as.example:8443",
    "//acme.as.example",
    7,
    undefined,
  ])("keeps the provider's own for %s", (instance_url) => {
    expect(apiOf(defineProvider({ ...endpoints, apiFrom }), { instance_url })).toBe(endpoints.api);
  });

  it("reads nothing where the provider says nothing of it", () => {
    expect(apiOf(defineProvider(endpoints), { instance_url: "https://acme.as.example" })).toBe(endpoints.api);
  });
});

describe("what is kept of an answer", () => {
  const provider = defineProvider({ ...endpoints, keep: ["instance_url", "id"], apiFrom });
  const instance_url = "https://acme.as.example";

  it("is the member that names its API, and no other", () => {
    expect(keptApi(provider, { instance_url: `${instance_url}/`, id: "7" })).toEqual({ instance_url });
    expect(keptApi(provider, { id: "7" })).toEqual({});
    expect(keptApi(defineProvider(endpoints), { instance_url })).toEqual({});
  });

  it.each([
    ...["http://acme.as.example", "https://evil.example", "https://evil-as.example", "https://acme.as.example:8443"],
    ...[`https://${"a".repeat(500)}.as.example`, "", null, 7, { href: instance_url }],
  ])("is never %j, and a refresh that says so leaves what was before", (value) => {
    expect(keptApi(provider, { instance_url: value })).toBeNull();
    expect(restateKept(provider, { instance_url }, { instance_url: value })).toEqual({ instance_url });
  });

  it("is stated anew by a refresh, or stays", () => {
    const moved = { instance_url: "https://moved.as.example" };
    expect(restateKept(provider, { instance_url }, moved)).toEqual(moved);
    expect(restateKept(provider, { instance_url }, {})).toEqual({ instance_url });
    // What was kept before providers named it.
    expect(restateKept(provider, {}, { instance_url })).toEqual({ instance_url });
  });

  it("has 512 octets, in all, and is an object", () => {
    expect([isKept({ at: "x".repeat(503) }), isKept({ at: "x".repeat(504) })]).toEqual([true, false]);
    expect([isKept(null), isKept([]), isKept("at")]).toEqual([false, false, false]);
  });
});

describe("withApiOf", () => {
  const provider = defineProvider({ ...endpoints, apiFrom });
  const kept = { instance_url: "https://acme.as.example" };

  it("has the API that was kept, as long as it is at one of the provider's hosts", () => {
    expect(withApiOf(provider, kept).api).toBe(kept.instance_url);
    expect(withApiOf(provider, {}).api).toBe(endpoints.api);
    const moved = defineProvider({ ...provider, apiFrom: { ...apiFrom, hosts: [".example.org"] } });
    expect(withApiOf(moved, kept).api).toBe(endpoints.api);
    const plain = defineProvider(endpoints);
    expect(withApiOf(plain, kept)).toBe(plain);
  });
});
