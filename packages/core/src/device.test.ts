import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type Client, type ClientAuthentication, createClient, none, secretPost } from "./client.ts";
import {
  buildDeviceAuthorizationRequest,
  buildDeviceTokenRequest,
  pollDevice,
  readDeviceAuthorizationResponse,
  readDeviceTokenResponse,
  requestDeviceAuthorization,
} from "./device.ts";
import type { TokenRequestError } from "./errors.ts";
import { defineProvider, type ProviderInput } from "./provider.ts";

function clientWith(more: Partial<ProviderInput> = {}, authentication: ClientAuthentication = none()): Client {
  const provider = defineProvider({
    ...{ name: "as", issuer: "https://as.example" },
    ...{ authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "https://as.example/token" },
    ...{ deviceAuthorizationEndpoint: "https://as.example/device", ...more },
  });
  return createClient({ provider, clientId: "tv", redirectUri: "https://app.example/cb", authentication });
}

const client = clientWith();
const codes = {
  ...{ device_code: "canary-device-code", user_code: "WDJB-MJHT" },
  ...{ verification_uri: "https://as.example/d", verification_uri_complete: "https://as.example/d?c=WDJB-MJHT" },
  ...{ expires_in: 1800, interval: 7 },
};
const json = (body: unknown, status = 200) => Response.json(body, { status });
const read = (body: unknown, status?: number) =>
  readDeviceAuthorizationResponse(json(body, status), { client, now: 1_000 });

async function failure(promise: Promise<unknown>): Promise<TokenRequestError> {
  const error: unknown = await promise.then(
    () => new Error("It succeeded."),
    (reason) => reason,
  );
  expect(inspect(error) + JSON.stringify(error)).not.toContain("canary");
  return error as TokenRequestError;
}

describe("the device authorization request", () => {
  it("asks for codes with the client's identity and the scope, and with nothing of a redirect", async () => {
    const { url, method, headers, body } = await buildDeviceAuthorizationRequest(client, ["a", "b"], { audience: "x" });
    expect([url, method, headers.get("content-type")]).toEqual([
      ...["https://as.example/device", "POST", "application/x-www-form-urlencoded;charset=UTF-8"],
    ]);
    expect(Object.fromEntries(body)).toEqual({ client_id: "tv", scope: "a b", audience: "x" });
  });

  it("proves a client that has a secret, and leaves an empty scope out", async () => {
    const { body } = await buildDeviceAuthorizationRequest(clientWith({}, secretPost("a-long-secret")));
    expect(Object.fromEntries(body)).toEqual({ client_id: "tv", client_secret: "a-long-secret" });
  });

  it("is refused where the provider has no such endpoint, and for half a scope", async () => {
    const without = clientWith({ deviceAuthorizationEndpoint: undefined });
    const missing = { code: "invalid_option", option: "deviceAuthorizationEndpoint" };
    await expect(buildDeviceAuthorizationRequest(without)).rejects.toMatchObject(missing);
    await expect(buildDeviceAuthorizationRequest(client, ["a b"])).rejects.toMatchObject({ option: "scope" });
    await expect(buildDeviceAuthorizationRequest(client, [], { scope: "x" })).rejects.toMatchObject({
      code: "reserved_parameter",
    });
  });
});

describe("the answer to it", () => {
  it("becomes codes, a page, and clocks", async () => {
    expect({ ...(await read(codes)) }).toEqual({
      ...{ deviceCode: "canary-device-code", userCode: "WDJB-MJHT", verificationUri: "https://as.example/d" },
      ...{ verificationUriComplete: "https://as.example/d?c=WDJB-MJHT", expiresAt: 1_801_000, interval: 7 },
    });
  });

  it("prints no device code", async () => {
    expect(inspect(await read(codes)) + String(await read(codes))).not.toContain("canary");
  });

  it("has five seconds between polls and a quarter of an hour where it says nothing usable", async () => {
    const { expires_in: _, interval: __, verification_uri_complete: ___, ...least } = codes;
    const expected = { interval: 5, expiresAt: 901_000, verificationUriComplete: null };
    expect(await read({ ...least, interval: -1, expires_in: "soon" })).toMatchObject(expected);
  });

  it("may call its page verification_url, as Google does", async () => {
    const { verification_uri, ...rest } = codes;
    expect((await read({ ...rest, verification_url: verification_uri })).verificationUri).toBe("https://as.example/d");
  });

  it.each([
    "javascript:alert(1)",
    "http://as.example/d",
    "file:///etc/passwd",
    "https://user@as.example/",
    7,
    undefined,
  ])("is no answer with %s in the place of the page", async (verification_uri) => {
    const error = await failure(read({ ...codes, verification_uri }));
    expect([error.code, error.outcome]).toEqual(["provider_misconfigured", "misconfigured"]);
  });

  // A page that is made by scripts may have its path there; blanks around a URL are none of it.
  it.each([
    ["https://as.example/#/device", "https://as.example/#/device"],
    [" https://as.example/d\n", "https://as.example/d"],
  ])("may have its page at %j", async (verification_uri, shown) => {
    expect((await read({ ...codes, verification_uri })).verificationUri).toBe(shown);
  });

  it("shows a complete URL only where it is a page", async () => {
    expect((await read({ ...codes, verification_uri_complete: "x:y" })).verificationUriComplete).toBe(null);
  });

  it("has its user code fit for a terminal", async () => {
    expect((await read({ ...codes, user_code: `A\u001b[2J${"B".repeat(100)}` })).userCode).toBe(
      `A?[2J${"B".repeat(59)}`,
    );
  });

  it.each([
    [400, { error: "invalid_client" }, "client_authentication_failed", "misconfigured"],
    [400, { error: "unauthorized_client" }, "provider_misconfigured", "misconfigured"],
    [400, { error: "invalid_scope" }, "token_request_refused", "refused"],
    [404, {}, "provider_misconfigured", "misconfigured"],
    [503, {}, "provider_unavailable", "unavailable"],
  ])("with %i %j is an error", async (status, body, code, outcome) => {
    const error = await failure(read(body, status));
    expect([error.code, error.outcome]).toEqual([code, outcome]);
  });
});

describe("a poll", () => {
  const context = { scope: ["a"], refreshToken: null, createdAt: 1_000, authorizedAt: 1_000 };

  it("sends the device code and the client's identity", async () => {
    const { url, body } = await buildDeviceTokenRequest(client, "d");
    expect([url, Object.fromEntries(body)]).toEqual([
      "https://as.example/token",
      { client_id: "tv", grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: "d" },
    ]);
  });

  it.each([
    ["authorization_pending", "pending"],
    ["slow_down", "slowDown"],
    ["expired_token", "expired"],
    ["access_denied", "denied"],
    ["authorization_declined", "denied"],
  ])("%s is %s, also where GitHub says it with 200", async (error, state) => {
    for (const status of [400, 200]) {
      expect(await readDeviceTokenResponse(json({ error }, status), context)).toEqual({ state });
    }
  });

  it("brings tokens", async () => {
    const answer = await readDeviceTokenResponse(
      json({ access_token: "t", refresh_token: "r", expires_in: 60 }),
      context,
    );
    expect(answer).toMatchObject({ state: "tokens", tokens: { accessToken: "t", refreshToken: "r", scope: ["a"] } });
  });

  it("throws what ends it, and what passes", async () => {
    const told = async (body: unknown, status: number) => {
      const { code, outcome } = await failure(readDeviceTokenResponse(json(body, status), context));
      return [code, outcome];
    };
    expect(await told({ error: "invalid_grant" }, 400)).toEqual(["token_request_refused", "ended"]);
    expect(await told({ error: "invalid_client" }, 401)).toEqual(["client_authentication_failed", "misconfigured"]);
    expect(await told({ error: "slow_down" }, 429)).toEqual(["rate_limited", "unavailable"]);
    expect(await told({}, 502)).toEqual(["provider_unavailable", "unavailable"]);
  });
});

describe("over the network", () => {
  it("asks, polls, and lets the provider see the whole answer", async () => {
    const sent: string[] = [];
    const answers = [
      json(codes),
      json({ error: "authorization_pending" }, 400),
      json({ access_token: "t", user: "7" }),
    ];
    const fetch = async (url: string | URL | Request, init?: RequestInit) => {
      sent.push(`${url} ${init?.body}`);
      return answers[sent.length - 1] as Response;
    };
    const own = clientWith({ keep: ["user"] });
    const login = await requestDeviceAuthorization(own, { scope: ["a"], fetch, now: () => 5 });
    expect(login.expiresAt).toBe(1_800_005);
    expect((await pollDevice(own, login, { fetch })).state).toBe("pending");
    const kept: unknown[] = [];
    const poll = await pollDevice(own, login, { fetch, scope: ["a"], onKept: (members) => kept.push(members) });
    expect(poll).toMatchObject({ state: "tokens", tokens: { accessToken: "t", scope: ["a"] } });
    expect(kept).toEqual([{ user: "7" }]);
    expect(sent[0]).toBe("https://as.example/device client_id=tv&scope=a");
  });

  it("keeps the device code out of an error that repeats it", async () => {
    const fetch = async () => json({ error: "invalid_request", error_description: "no canary-device-code here" }, 400);
    const error = await failure(pollDevice(client, { deviceCode: "canary-device-code" }, { fetch }));
    expect(error.error).toBe("invalid_request");
  });
});
