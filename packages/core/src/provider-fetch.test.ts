import { describe, expect, it } from "vitest";
import { staticAuthenticator } from "./authenticator.ts";
import { defineProvider, type ProviderInput } from "./provider.ts";
import { providerFetch } from "./provider-fetch.ts";

const endpoints = {
  name: "example",
  issuer: "https://id.example",
  authorizationEndpoint: "https://id.example/authorize",
  tokenEndpoint: "https://id.example/token",
};

function world(api?: string, more: Partial<ProviderInput> = {}) {
  const seen: { readonly url: string; readonly authorization: string | null }[] = [];
  const sent: Headers[] = [];
  const provider = defineProvider({ ...endpoints, api, ...more });
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    sent.push(request.headers);
    seen.push({ url: request.url, authorization: request.headers.get("authorization") });
    return new Response();
  };
  const make = () => providerFetch(provider, staticAuthenticator("access"), { clientId: "client", fetch });
  return { seen, sent, make };
}

describe("the fetch of the provider's API", () => {
  it("resolves relative URLs against the API and brings the token", async () => {
    const { seen, make } = world("https://api.example/v1/");
    await make()("me?fields=id");
    expect(seen).toEqual([{ url: "https://api.example/v1/me?fields=id", authorization: "Bearer access" }]);
  });

  it("gives the token to no other origin", async () => {
    const { seen, make } = world("https://api.example");
    for (const url of ["https://evil.example/me", "//evil.example/me", "http://api.example/me"]) {
      await expect(make()(url)).rejects.toThrow();
    }
    expect(seen).toEqual([]);
  });

  it("brings the headers that the API wants, and the caller's own before them", async () => {
    const headers = { api: { "Client-Id": "{client_id}", "User-Agent": "app" } };
    const { sent, make } = world("https://api.example", { headers });
    await make()("/me", { headers: { "user-agent": "mine" } });
    expect([sent[0]?.get("client-id"), sent[0]?.get("user-agent")]).toEqual(["client", "mine"]);
  });

  it("is refused for a provider that names no API", () => {
    expect(world().make).toThrow(expect.objectContaining({ name: "ConfigurationError" }));
  });
});
