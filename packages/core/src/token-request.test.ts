import { describe, expect, it } from "vitest";
import { readCallback } from "./callback.ts";
import { type Client, type ClientAuthentication, createClient, none, secretBasic, secretPost } from "./client.ts";
import { defineProvider } from "./provider.ts";
import {
  buildClientCredentialsRequest,
  buildCodeRequest,
  buildRefreshRequest,
  buildRevocationRequest,
  type TokenRequest,
} from "./token-request.ts";

const redirectUri = "https://app.example/cb?b=2&a=%7E";

function clientWith(authentication: ClientAuthentication = none(), revocationEndpoint?: string): Client {
  const provider = defineProvider({
    name: "as",
    issuer: "https://as.example",
    authorizationEndpoint: "https://as.example/authorize",
    tokenEndpoint: "https://as.example/token?tenant=1",
    revocationEndpoint,
  });
  return createClient({ provider, clientId: "my id", redirectUri, authentication });
}

const parametersOf = ({ body }: TokenRequest) => Object.fromEntries(body);

describe("a token request", () => {
  it("posts a form to the endpoint as it is written, and wants JSON", () => {
    const { url, method, headers } = buildRefreshRequest(clientWith(), "r");
    expect([url, method]).toEqual(["https://as.example/token?tenant=1", "POST"]);
    expect(Object.fromEntries(headers)).toEqual({
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    });
  });

  it("for a code has the registered redirect URI and the verifier", () => {
    const client = clientWith();
    const verifier = "v".repeat(43);
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    expect(parametersOf(buildCodeRequest(client, callback, verifier))).toEqual({
      client_id: "my id",
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    expect(() => buildCodeRequest(client, callback, "short")).toThrow(
      expect.objectContaining({ code: "invalid_verifier" }),
    );
  });

  it("for a refresh names no scope, so that what was granted stays", () => {
    expect(parametersOf(buildRefreshRequest(clientWith(), "r"))).toEqual({
      client_id: "my id",
      grant_type: "refresh_token",
      refresh_token: "r",
    });
  });

  it("of the client itself needs a secret, and names a scope only where it wants one", () => {
    const client = clientWith(secretPost("s"));
    expect(parametersOf(buildClientCredentialsRequest(client))).not.toHaveProperty("scope");
    expect(parametersOf(buildClientCredentialsRequest(client, ["a", "b"]))).toMatchObject({ scope: "a b" });
    expect(() => buildClientCredentialsRequest(client, ["a b"])).toThrow(expect.objectContaining({ option: "scope" }));
    expect(() => buildClientCredentialsRequest(clientWith())).toThrow(
      expect.objectContaining({ option: "authentication" }),
    );
  });

  it("for a revocation goes to its own endpoint, and to none where there is none", () => {
    const request = buildRevocationRequest(clientWith(none(), "https://as.example/revoke"), "t");
    expect([request.url, parametersOf(request)]).toEqual([
      "https://as.example/revoke",
      { client_id: "my id", token: "t" },
    ]);
    expect(() => buildRevocationRequest(clientWith(), "t")).toThrow(
      expect.objectContaining({ option: "revocationEndpoint" }),
    );
  });

  it("authenticates once: by header or by body", () => {
    expect(buildRefreshRequest(clientWith(secretBasic("s")), "r").body.has("client_secret")).toBe(false);
    const both: ClientAuthentication = (...given) => {
      secretBasic("s")(...given);
      secretPost("s")(...given);
    };
    expect(() => buildRefreshRequest(clientWith(both), "r")).toThrow("authentication");
  });

  it("lets no authentication change what is asked for", () => {
    const meddling: ClientAuthentication = (body) => body.set("grant_type", "password");
    expect(parametersOf(buildRefreshRequest(clientWith(meddling), "r"))).toMatchObject({ grant_type: "refresh_token" });
  });
});
