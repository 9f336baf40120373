import { describe, expect, it } from "vitest";
import { readCallback } from "./callback.ts";
import { type Client, type ClientAuthentication, createClient, none, secretBasic, secretPost } from "./client.ts";
import { defineProvider } from "./provider.ts";
import {
  buildClientCredentialsRequest,
  buildCodeRequest,
  buildRefreshRequest,
  buildRevocationRequest,
  type RevocationRequest,
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

const parametersOf = ({ body }: TokenRequest | RevocationRequest) =>
  Object.fromEntries(new URLSearchParams(body ?? ""));

describe("a token request", () => {
  it("posts a form to the endpoint as it is written, and wants JSON", async () => {
    const { url, method, headers } = await buildRefreshRequest(clientWith(), "r");
    expect([url, method]).toEqual(["https://as.example/token?tenant=1", "POST"]);
    expect(Object.fromEntries(headers)).toEqual({
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    });
  });

  it("for a code has the registered redirect URI and the verifier", async () => {
    const client = clientWith();
    const verifier = "v".repeat(43);
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    expect(parametersOf(await buildCodeRequest(client, callback, verifier))).toEqual({
      client_id: "my id",
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    await expect(buildCodeRequest(client, callback, "short")).rejects.toMatchObject({ code: "invalid_verifier" });
  });

  it("for a refresh names no scope, so that what was granted stays", async () => {
    expect(parametersOf(await buildRefreshRequest(clientWith(), "r"))).toEqual({
      client_id: "my id",
      grant_type: "refresh_token",
      refresh_token: "r",
    });
  });

  it("of the client itself needs a secret, and names a scope only where it wants one", async () => {
    const client = clientWith(secretPost("s"));
    expect(parametersOf(await buildClientCredentialsRequest(client))).not.toHaveProperty("scope");
    expect(parametersOf(await buildClientCredentialsRequest(client, ["a", "b"]))).toMatchObject({ scope: "a b" });
    await expect(buildClientCredentialsRequest(client, ["a b"])).rejects.toMatchObject({ option: "scope" });
    await expect(buildClientCredentialsRequest(clientWith())).rejects.toMatchObject({
      ...{ option: "authentication", message: "A public client has no credentials of its own." },
    });
  });

  it("for a revocation goes to its own endpoint, and to none where there is none", async () => {
    const request = await buildRevocationRequest(clientWith(none(), "https://as.example/revoke"), "t");
    expect([request.url, parametersOf(request)]).toEqual([
      "https://as.example/revoke",
      { client_id: "my id", token: "t" },
    ]);
    await expect(buildRevocationRequest(clientWith(), "t")).rejects.toMatchObject({
      ...{ option: "revocationEndpoint", message: "The provider has no revocation endpoint." },
    });
  });

  it("authenticates once: by header or by body", async () => {
    const { body } = await buildRefreshRequest(clientWith(secretBasic("s")), "r");
    expect(body.has("client_secret")).toBe(false);
    const both: ClientAuthentication = (...given) => {
      secretBasic("s")(...given);
      secretPost("s")(...given);
    };
    await expect(buildRefreshRequest(clientWith(both), "r")).rejects.toThrow("authentication");
  });

  it("lets no authentication change what is asked for", async () => {
    const meddling: ClientAuthentication = (body) => body.set("grant_type", "password");
    const request = await buildRefreshRequest(clientWith(meddling), "r");
    expect(request.body.getAll("grant_type")).toEqual(["refresh_token"]);
  });

  it("waits for an authentication that has to sign first", async () => {
    const signed: ClientAuthentication = async (body, _headers, clientId) => {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(clientId));
      body.set("client_assertion", String(digest.byteLength));
    };
    expect(parametersOf(await buildRefreshRequest(clientWith(signed), "r"))).toMatchObject({ client_assertion: "32" });
  });

  it("is not made where the authentication fails", async () => {
    const broken: ClientAuthentication = () => Promise.reject(new Error("The key is locked."));
    await expect(buildRefreshRequest(clientWith(broken), "r")).rejects.toThrow("The key is locked.");
  });
});
