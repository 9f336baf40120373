import { createClient, defineProvider } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { Scopes, spotify, spotifyAt } from "./spotify.ts";

describe("the Spotify preset", () => {
  it("has all 19 scopes", () => {
    expect(Object.keys(Scopes)).toHaveLength(19);
    expect(new Set(Object.values(Scopes)).size).toBe(19);
  });

  it.each([
    ["http://localhost:3000/cb", "http://127.0.0.1:3000/cb"],
    ["http://foo.localhost/cb", "http://127.0.0.1/cb"],
    ["https://localhost:3000/cb", "https://127.0.0.1:3000/cb"],
  ])("N1 refuses %s and names %s", (uri, better) => {
    expect(() => createClient({ provider: spotify, clientId: "id", redirectUri: uri })).toThrow(
      expect.objectContaining({ name: "ConfigurationError", hint: expect.stringContaining("127.0.0.1") }),
    );
    expect(() => spotify.checkRedirectUri?.(uri)).toThrow(
      expect.objectContaining({ code: "spotify_redirect_localhost", hint: expect.stringContaining(better) }),
    );
  });

  it.each([
    "http://LOCALHOST.:3000",
    "http://127.1/cb",
    "http://127.0.0.2/cb",
    "http://0.0.0.0/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://192.168.1.5/cb",
  ])("N1 refuses %s as written", (uri) => {
    expect(() => spotify.checkRedirectUri?.(uri)).toThrow(expect.objectContaining({ name: "ConfigurationError" }));
  });

  it("allows localhost to another provider", () => {
    const provider = defineProvider({
      name: "as",
      issuer: "https://as.example",
      authorizationEndpoint: "https://as.example/authorize",
      tokenEndpoint: "https://as.example/token",
    });
    expect(createClient({ provider, clientId: "id", redirectUri: "http://localhost:1/cb" }).redirectUri).toBe(
      "http://localhost:1/cb",
    );
  });

  it("keeps its shape at another address", () => {
    expect(spotifyAt("http://127.0.0.1:9000/", { rotation: "rotating" })).toMatchObject({
      issuer: "http://127.0.0.1:9000",
      authorizationEndpoint: "http://127.0.0.1:9000/authorize",
      tokenEndpoint: "http://127.0.0.1:9000/api/token",
      api: "http://127.0.0.1:9000",
      refreshTokens: { rotation: "rotating", lifetime: 15_552_000, retryUnknown: true },
    });
    expect(spotify.refreshTokens).toEqual({ rotation: "either", lifetime: 15_552_000, retryUnknown: true });
    expect(() => spotifyAt("http://accounts.example")).toThrow(expect.objectContaining({ code: "insecure_endpoint" }));
  });
});
