import { describe, expect, it } from "vitest";
import { apiOf, readKept } from "./kept-members.ts";
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
