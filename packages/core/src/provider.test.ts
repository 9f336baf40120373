import { describe, expect, it } from "vitest";
import { defineProvider, type ProviderInput, presetProvider } from "./provider.ts";

const endpoints: ProviderInput = {
  name: "as",
  issuer: "https://as.example",
  authorizationEndpoint: "https://as.example/authorize",
  tokenEndpoint: "https://as.example/token",
};
const provider = defineProvider(endpoints);

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

  it.each([
    ["refreshTokens.retryUnknown", { refreshTokens: { retryUnknown: "no" } }],
    ["refreshTokens.grace", { refreshTokens: { grace: "60" } }],
    ["refreshTokens.lifetime", { refreshTokens: { lifetime: "60" } }],
    ["issuerInCallback", { issuerInCallback: "yes" }],
    ["tokenTypes", { tokenTypes: "Bearer" }],
    ["answer.error", { answer: { error: "invalid_grant" } }],
    ["checkTokens", { checkTokens: true }],
    ["pushLogin", { pushLogin: true }],
    ["logoutUri", { logoutUri: "https://as.example/logout" }],
  ])("H3 refuses a %s of another kind", (option, change) => {
    const input = { ...endpoints, ...change } as unknown as ProviderInput;
    expect(() => defineProvider(input)).toThrow(expect.objectContaining({ code: "invalid_option", option }));
  });

  it("names what is wrong", () => {
    expect(() => defineProvider({ ...endpoints, issuer: "https://as.example?x=1" })).toThrow(
      expect.objectContaining({ option: "issuer" }),
    );
    expect(() => defineProvider({ ...endpoints, name: "" })).toThrow(expect.objectContaining({ option: "name" }));
    for (const refreshTokens of [
      { rotation: "never" },
      { lifetime: -1 },
      { lifetime: 0 },
      { lifetime: Number.NaN },
      { idleLifetime: 0 },
    ]) {
      const option = `refreshTokens.${Object.keys(refreshTokens)[0]}`;
      expect(() => defineProvider({ ...endpoints, refreshTokens } as ProviderInput)).toThrow(
        expect.objectContaining({ code: "invalid_option", option }),
      );
    }
  });

  it.each([
    [{ tokenEndPoint: "https://as.example/token" }, "tokenEndPoint", /tokenEndpoint/],
    [{ refreshTokens: { rotate: true } }, "refreshTokens.rotate", /rotation/],
    [{ refreshTokens: "rotating" }, "refreshTokens", /Give an object with rotation/],
    [{ answer: { errors: () => "ended" } }, "answer.errors", /error/],
    [{ parameters: { resource: "https://api.example" } }, "parameters.resource", /code, refresh/],
    [{ headers: { tokens: {} } }, "headers.tokens", /token, api/],
    [{ scope: { seperator: "," } }, "scope.seperator", /separator/],
  ])("refuses %j and says what there is", (more, option, hint) => {
    expect(() => defineProvider({ ...endpoints, ...more } as ProviderInput)).toThrow(
      expect.objectContaining({ code: "invalid_option", option, hint: expect.stringMatching(hint) }),
    );
  });

  it.each([
    [{ pkce: "none" }, "pkce"],
    [{ responseMode: "query" }, "responseMode"],
    [{ scope: { separator: ";" } }, "scope.separator"],
    [{ accessTokens: { lifetime: 0 } }, "accessTokens.lifetime"],
    [{ refreshTokens: { idleLifetime: -1 } }, "refreshTokens.idleLifetime"],
    [{ refreshTokens: { stated: { field: "left", clock: "both" } } }, "refreshTokens.stated"],
    [{ headers: { api: { Authorization: "Bearer x" } } }, "headers (Authorization)"],
    [{ headers: { token: { "content-type": "application/json" } } }, "headers (content-type)"],
    [{ headers: { token: { "x-line": "a\r\nb: c" } } }, "headers (x-line)"],
    [{ headers: { token: { "x line": "a" } } }, "headers (x line)"],
    [{ profile: { url: "/me", id: "id" } }, "profile.url"],
    [{ profile: { url: "https://as.example/me", id: "id", more: { mails: "ftp://as.example" } } }, "profile.url"],
    [{ parameters: { authorization: { scope: "all" } } }, "scope"],
    [{ refreshEndpoint: "refresh" }, "refreshEndpoint"],
  ])("refuses %j", (more, option) => {
    expect(() => defineProvider({ ...endpoints, ...more } as ProviderInput)).toThrow(
      expect.objectContaining({ name: "ConfigurationError", option }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "forever"])("takes no grace of %s", (grace) => {
    const refreshTokens = { grace } as ProviderInput["refreshTokens"];
    expect(() => defineProvider({ ...endpoints, refreshTokens })).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "refreshTokens.grace" }),
    );
  });

  it.each([0, 600, "unlimited"] as const)("takes a grace of %s", (grace) => {
    expect(defineProvider({ ...endpoints, refreshTokens: { grace } }).refreshTokens.grace).toBe(grace);
  });

  it.each([[[]], [[""]], [[1]], [["Bearer", ""]]])("takes no token types %j", (tokenTypes) => {
    expect(() => defineProvider({ ...endpoints, tokenTypes } as ProviderInput)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "tokenTypes" }),
    );
  });

  it("takes headers whose names begin as reserved ones do", () => {
    const headers = { token: { "Cookie-Policy": "none", Hostname: "a" } };
    expect(defineProvider({ ...endpoints, headers }).headers).toEqual(headers);
  });

  it("has no member for what is left out as undefined", () => {
    expect(Object.keys(defineProvider({ ...endpoints, profile: undefined, keep: undefined }))).toEqual(
      Object.keys(defineProvider(endpoints)),
    );
  });

  it("takes a profile of claims alone, and null where a description was kept as JSON", () => {
    expect(defineProvider({ ...endpoints, profile: { id: "sub" } }).profile).toEqual({ id: "sub" });
    const { headers } = defineProvider({ ...endpoints, headers: JSON.parse('{"api":null}') });
    expect(headers).toEqual({ api: null });
  });

  it("keeps what is its own, frozen, and takes itself", () => {
    const error = () => undefined;
    const own = {
      parameters: { code: { expiring: "1" }, refresh: { resource: ["https://api.example"] } },
      answer: { error },
      authorizationParameters: () => ({}),
      checkTokens: () => undefined,
      proveRequest: () => null,
      tokenTypes: ["Bearer", "user"],
    };
    const whole = defineProvider({ ...endpoints, ...own });
    expect(whole).toMatchObject(own);
    expect([whole.parameters, whole.answer, whole.tokenTypes].every(Object.isFrozen)).toBe(true);
    expect(defineProvider(whole)).toEqual(whole);
  });

  it.each(["rotating", "reusable", "either"] as const)("takes a provider whose refresh tokens are %s", (rotation) => {
    const refreshTokens = { rotation, retryUnknown: false, lifetime: 1 };
    expect(defineProvider({ ...endpoints, refreshTokens }).refreshTokens).toEqual(refreshTokens);
  });
});

describe("presetProvider", () => {
  it("gives what defineProvider gives, frozen to the ground", () => {
    const described = { ...endpoints, headers: { token: { "User-Agent": "app" } }, keep: ["team"] };
    const made = presetProvider(described);
    expect(made).toEqual(defineProvider(described));
    expect([made, made.refreshTokens, made.headers?.token, made.keep].every(Object.isFrozen)).toBe(true);
  });
});
