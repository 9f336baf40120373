import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  createClient,
  defineProvider,
  none,
  type ProviderInput,
  Scopes,
  secretBasic,
  secretPost,
  spotify,
  spotifyAt,
} from "./index.ts";

const endpoints: ProviderInput = {
  name: "as",
  issuer: "https://as.example",
  authorizationEndpoint: "https://as.example/authorize",
  tokenEndpoint: "https://as.example/token",
};
const provider = defineProvider(endpoints);
const redirectUri = "https://app.example/cb";

describe("createClient", () => {
  it("is a public client by default, and frozen", () => {
    const client = createClient({ provider, clientId: "id", redirectUri });
    expect(client.authentication.method).toBe("none");
    expect(Object.isFrozen(client)).toBe(true);
  });

  it.each(["", "\uD800", undefined])("A3 refuses the client id %j", (clientId) => {
    expect(() => createClient({ provider, clientId: clientId as string, redirectUri })).toThrow(
      expect.objectContaining({ option: "clientId" }),
    );
  });

  it("A4 form-encodes id and secret before Basic, and sends no other authentication", () => {
    const body = new URLSearchParams();
    const headers = new Headers();
    secretBasic("p+q")(body, headers, "a:b");
    expect(headers.get("Authorization")).toBe(`Basic ${btoa("a%3Ab:p%2Bq")}`);
    expect(body.size).toBe(0);
  });

  it("A1 A4 puts the id, or id and secret, into the body only", () => {
    for (const [authentication, expected] of [
      [none(), "client_id=a%3Ab"],
      [secretPost("p+q"), "client_id=a%3Ab&client_secret=p%2Bq"],
    ] as const) {
      const body = new URLSearchParams();
      const headers = new Headers();
      authentication(body, headers, "a:b");
      expect(body.toString()).toBe(expected);
      expect([...headers]).toEqual([]);
    }
  });

  it("prints no secret", () => {
    const client = createClient({ provider, clientId: "id", redirectUri, authentication: secretPost("canary-secret") });
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain("canary");
    expect(() => secretBasic("")).toThrow(expect.objectContaining({ option: "secret" }));
  });

  it.each(["com.example.app:/cb", "http://127.0.0.1:1/cb", "http://[::1]:1/cb", "https://x/cb"])(
    "N3 takes %s",
    (uri) => {
      expect(createClient({ provider, clientId: "id", redirectUri: uri }).redirectUri).toBe(uri);
      expect(createClient({ provider: spotify, clientId: "id", redirectUri: uri }).redirectUri).toBe(uri);
    },
  );

  it.each([
    "myapp:/cb",
    "myapp://cb",
    "com.example.app://cb",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://x/cb",
    "http://192.168.1.5/cb",
    "http://127.1/cb",
    "http://2130706433/cb",
    "http://0x7f.1/cb",
    "http://127.0.0.1.evil.example/cb",
    "http://127.0.0.1@evil.example/cb",
    "https://x/cb#f",
    "https://u:p@x/cb",
    "https:///cb",
    "/cb",
    " https://x/cb",
    "https://x/c b",
    "https://x/\u00e9",
    "",
  ])("N3 refuses %s", (uri) => {
    expect(() => createClient({ provider, clientId: "id", redirectUri: uri })).toThrow(
      expect.objectContaining({ code: "invalid_redirect_uri" }),
    );
  });
});

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

describe("defineProvider", () => {
  it("fills in defaults and freezes", () => {
    expect(provider).toEqual({
      ...endpoints,
      refreshTokens: { rotation: "either", retryUnknown: true },
      issuerInCallback: "checked",
      allowInsecureLoopback: false,
    });
    expect(Object.isFrozen(provider) && Object.isFrozen(provider.refreshTokens)).toBe(true);
  });

  it.each(["issuer", "authorizationEndpoint", "tokenEndpoint", "revocationEndpoint", "api"])(
    "A17 O1 R1 wants https for %s",
    (option) => {
      for (const allowInsecureLoopback of [false, true]) {
        const input = { ...endpoints, allowInsecureLoopback, [option]: "http://as.example/x" };
        expect(() => defineProvider(input)).toThrow(expect.objectContaining({ code: "insecure_endpoint", option }));
      }
      const loopback = { ...endpoints, [option]: "http://127.0.0.1:1/x" };
      expect(() => defineProvider(loopback)).toThrow(expect.objectContaining({ code: "insecure_endpoint", option }));
      expect(defineProvider({ ...loopback, allowInsecureLoopback: true })).toMatchObject({
        [option]: "http://127.0.0.1:1/x",
      });
      const unusable = ["javascript:alert(1)", "/relative", "https://as.example/#x", "https://u:p@as.example/"];
      for (const value of [...unusable, " https://as.example/", "https://as.example/\n", "\0https://as.example/"]) {
        expect(() => defineProvider({ ...endpoints, [option]: value })).toThrow(expect.objectContaining({ option }));
      }
    },
  );

  it("names what is wrong", () => {
    expect(() => defineProvider({ ...endpoints, issuer: "https://as.example?x=1" })).toThrow(
      expect.objectContaining({ option: "issuer" }),
    );
    expect(() => defineProvider({ ...endpoints, name: "" })).toThrow(expect.objectContaining({ option: "name" }));
    for (const refreshTokens of [{ rotation: "never" }, { lifetime: -1 }, { lifetime: Number.NaN }]) {
      expect(() => defineProvider({ ...endpoints, refreshTokens } as ProviderInput)).toThrow(
        expect.objectContaining({ code: "invalid_option" }),
      );
    }
  });
});
