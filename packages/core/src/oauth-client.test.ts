import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Answer, json, type ProviderServer, serve } from "../test/provider-server.ts";
import {
  buildClientCredentialsRequest,
  type Client,
  type ClientAuthentication,
  createClient,
  createTokens,
  defineProvider,
  exchangeCode,
  none,
  readCallback,
  refreshTokens,
  requestClientCredentials,
  revokeToken,
  secretBasic,
  secretPost,
  type TokenRequestError,
  type TokenRequestOptions,
  type Tokens,
} from "./index.ts";

const verifier = "canary-verifier-0123456789012345678901234567890";
const minimal = { access_token: "canary-access", token_type: "Bearer" };
const old: Tokens = createTokens({
  accessToken: "canary-old",
  tokenType: "Bearer",
  expiresIn: 60,
  scope: ["a"],
  refreshToken: "canary-refresh",
  createdAt: 1,
  authorizedAt: 1,
});

function clientOf(origin: string, authentication: ClientAuthentication = none()): Client {
  const provider = defineProvider({
    name: "as",
    issuer: origin,
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/revoke`,
    allowInsecureLoopback: true,
  });
  return createClient({ provider, clientId: "my id", redirectUri: "HTTPS://X:443/cb?b=2&a=%7E", authentication });
}

function exchange(client: Client, options?: TokenRequestOptions): Promise<Tokens> {
  return exchangeCode(client, readCallback(client, "code=canary-code&state=s", { state: "s" }), verifier, options);
}

async function failure(promise: Promise<unknown>): Promise<TokenRequestError> {
  const reason: unknown = await promise.then(
    () => new Error("It succeeded."),
    (error) => error,
  );
  expect(
    inspect(reason, { depth: 9, showHidden: true }) + JSON.stringify(reason) + String(reason) + (reason as Error).stack,
  ).not.toContain("canary");
  return reason as TokenRequestError;
}

async function withServer(
  answer: Answer,
  run: (client: Client, server: ProviderServer) => Promise<void>,
): Promise<void> {
  const server = await serve(answer);
  try {
    await run(clientOf(server.origin), server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe("the requests", () => {
  it("P8 A1 A15 A16 O6 exchanges a code with exactly these parameters", async () => {
    await withServer(json(minimal), async (client, { seen }) => {
      await exchange(client);
      expect(seen).toHaveLength(1);
      expect([...new URLSearchParams(seen[0]?.body)]).toEqual([
        ["client_id", "my id"],
        ["grant_type", "authorization_code"],
        ["code", "canary-code"],
        ["redirect_uri", "HTTPS://X:443/cb?b=2&a=%7E"],
        ["code_verifier", verifier],
      ]);
      expect(seen[0]).toMatchObject({ method: "POST", url: "/token" });
      expect(seen[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded;charset=UTF-8");
      expect(seen[0]?.headers.accept).toBe("application/json");
      expect(seen[0]?.headers.authorization).toBeUndefined();
    });
  });

  it("A26 A27 A28 refreshes with exactly these parameters and keeps what the answer leaves out", async () => {
    await withServer(json(minimal), async (client, { seen }) => {
      const tokens = await refreshTokens(client, old, { now: () => 5000 });
      expect(seen[0]?.body).toBe("client_id=my+id&grant_type=refresh_token&refresh_token=canary-refresh");
      expect(tokens).toMatchObject({ refreshToken: "canary-refresh", scope: ["a"], createdAt: 5000, authorizedAt: 1 });
    });
  });

  it("O7 replaces the refresh token by a new one", async () => {
    await withServer(json({ ...minimal, refresh_token: "new", scope: "b" }), async (client) => {
      expect(await refreshTokens(client, old)).toMatchObject({ refreshToken: "new", scope: ["b"] });
    });
  });

  it("needs no request to see that there is no refresh token", async () => {
    await withServer(json(minimal), async (client, { seen }) => {
      await expect(refreshTokens(client, { ...old, refreshToken: null })).rejects.toMatchObject({
        code: "reauth_required",
      });
      expect(seen).toHaveLength(0);
    });
  });

  it("keeps the requested scope and takes the time before the request", async () => {
    let clock = 1000;
    const slowClock: Answer = (response, request) => {
      clock = 9000;
      json(minimal)(response, request);
    };
    await withServer(slowClock, async (client) => {
      const callback = readCallback(client, "code=c&state=s", { state: "s" });
      const tokens = await exchangeCode(client, callback, verifier, { scope: ["x"], now: () => clock });
      expect(tokens).toMatchObject({ scope: ["x"], createdAt: 1000, authorizedAt: 1000, refreshToken: null });
      expect((await exchange(client)).scope).toEqual([]);
    });
  });

  it("A4 authenticates a confidential client by one method", async () => {
    await withServer(json(minimal), async (_client, { origin, seen }) => {
      await requestClientCredentials(clientOf(origin, secretBasic("p+q")), { scope: ["a", "b"] });
      await requestClientCredentials(clientOf(origin, secretPost("p+q")));
      expect(seen[0]?.headers.authorization).toBe(`Basic ${btoa("my+id:p%2Bq")}`);
      expect(seen[0]?.body).toBe("grant_type=client_credentials&scope=a+b");
      expect(seen[1]?.headers.authorization).toBeUndefined();
      expect(seen[1]?.body).toBe("client_id=my+id&client_secret=p%2Bq&grant_type=client_credentials");
      const both: ClientAuthentication = (...given) => {
        secretBasic("x")(...given);
        secretPost("x")(...given);
      };
      for (const wrong of [both, none()]) {
        await expect(requestClientCredentials(clientOf(origin, wrong))).rejects.toMatchObject({
          ...{ code: "invalid_option", option: "authentication" },
        });
      }
      const twoInOne = requestClientCredentials(clientOf(origin, secretPost("p")), { scope: ["a b"] });
      await expect(twoInOne).rejects.toMatchObject({ option: "scope" });
      expect(seen).toHaveLength(2);
      const plain = await buildClientCredentialsRequest(clientOf(origin, secretPost("p")));
      expect(plain.body.toString()).toBe("client_id=my+id&client_secret=p&grant_type=client_credentials");
    });
  });

  it("P3 refuses a verifier that generateCodes cannot have made", async () => {
    const client = clientOf("https://as.example");
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    await expect(exchangeCode(client, callback, "short")).rejects.toMatchObject({
      ...{ code: "invalid_verifier", option: "verifier" },
    });
  });
});

describe("the answers", () => {
  it("P12 A25 surfaces invalid_grant without a second request", async () => {
    await withServer(
      json({ error: "invalid_grant", error_description: "code_verifier was incorrect" }, 400),
      async (client, { seen }) => {
        expect(await failure(exchange(client))).toMatchObject({
          outcome: "ended",
          error: "invalid_grant",
          errorDescription: "code_verifier was incorrect",
          status: 400,
        });
        expect(seen).toHaveLength(1);
      },
    );
  });

  it.each([301, 302, 303, 307, 308])("A17 does not follow a %i with secrets", async (status) => {
    await withServer(json(minimal), async (_client, elsewhere) => {
      const redirect: Answer = (response) =>
        response.writeHead(status, { Location: `${elsewhere.origin}/token` }).end();
      await withServer(redirect, async (client) => {
        const expected = { code: "token_endpoint_redirected", outcome: "unavailable", status };
        expect(await failure(exchange(client))).toMatchObject(expected);
        expect(await failure(refreshTokens(client, old))).toMatchObject(expected);
        expect(elsewhere.seen).toHaveLength(0);
      });
    });
  });

  it("A34 stops reading a huge answer", async () => {
    let sent = 0;
    const huge: Answer = (response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const chunk = "x".repeat(65_536);
      const more = (): void => {
        while (sent < 1000 && !response.destroyed) {
          sent++;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on("drain", more);
      more();
    };
    await withServer(huge, async (client) => {
      expect(await failure(exchange(client))).toMatchObject({ code: "invalid_token_response", outcome: "unknown" });
      expect(sent).toBeLessThan(1000);
    });
  });

  it("A34 counts the decoded bytes of a gzip bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, "x"));
    expect(bomb.length).toBeLessThan(65_536);
    const answer: Answer = (response) =>
      response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" }).end(bomb);
    await withServer(answer, async (client) => {
      expect(await failure(exchange(client))).toMatchObject({ code: "invalid_token_response", outcome: "unknown" });
    });
  });

  it("A34 gives up on silence", async () => {
    await withServer(
      () => {},
      async (client) => {
        expect(await failure(exchange(client, { timeout: 50 }))).toMatchObject({
          code: "provider_timeout",
          outcome: "unknown",
        });
      },
    );
  });

  it("A34 gives up on an answer that never ends", async () => {
    const drip: Answer = (response) => {
      response.writeHead(200, { "Content-Type": "application/json" }).write('{"access_token":"canary');
    };
    await withServer(drip, async (client) => {
      expect(await failure(exchange(client, { timeout: 100 }))).toMatchObject({
        code: "provider_timeout",
        outcome: "unknown",
      });
    });
  });

  it("A34 gives up on a fetch that ignores its signal", async () => {
    const options = { timeout: 10, fetch: () => new Promise<Response>(() => {}) };
    expect(await failure(exchange(clientOf("https://as.example"), options))).toMatchObject({
      code: "provider_timeout",
    });
  });

  it("A34 gives up on an authentication that does not end, and sends nothing then", async () => {
    let release = (): void => {};
    const slow: ClientAuthentication = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return Response.json(minimal);
    };
    const error = await failure(refreshTokens(clientOf("https://as.example", slow), old, { timeout: 10, fetch }));
    expect(error).toMatchObject({ code: "provider_timeout", outcome: "unavailable" });
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(0);
  });

  it("hands on why an authentication failed", async () => {
    const broken: ClientAuthentication = () => Promise.reject(new Error("The key is locked."));
    const client = clientOf("https://as.example", broken);
    await expect(refreshTokens(client, old)).rejects.toThrow("The key is locked.");
    await expect(exchange(client)).rejects.toThrow("The key is locked.");
  });

  it("spends a callback once, also when two exchanges start while the client signs", async () => {
    await withServer(json(minimal), async (_client, { origin, seen }) => {
      const client = clientOf(origin, async (body, _headers, clientId) => {
        await new Promise((resolve) => setImmediate(resolve));
        body.set("client_id", clientId);
      });
      const callback = readCallback(client, "code=c&state=s", { state: "s" });
      const both = [exchangeCode(client, callback, verifier), exchangeCode(client, callback, verifier)];
      const results = await Promise.allSettled(both);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(seen).toHaveLength(1);
    });
  });

  it("calls a reset unknown, because the provider may have acted", async () => {
    await withServer(
      (response) => response.destroy(),
      async (client) => {
        expect(await failure(exchange(client))).toMatchObject({ code: "provider_unavailable", outcome: "unknown" });
      },
    );
    const halfway: Answer = (response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "500" });
      response.write('{"access_token":"canary', () => response.destroy());
    };
    await withServer(halfway, async (client) => {
      expect(await failure(refreshTokens(client, old))).toMatchObject({
        code: "provider_unavailable",
        outcome: "unknown",
      });
    });
  });

  it.each([
    ["unavailable", "ECONNREFUSED"],
    ["unavailable", "ENOTFOUND"],
    ["unavailable", "UND_ERR_CONNECT_TIMEOUT"],
    ["unavailable", "ConnectionRefused"],
    ["unavailable", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["unavailable", "CERT_HAS_EXPIRED"],
    ["unavailable", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["unavailable", "SELF_SIGNED_CERT_IN_CHAIN"],
    ["unavailable", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["unknown", "ECONNRESET"],
    ["unknown", "NO_ECONNREFUSED"],
    ["unknown", "ECONNREFUSED_LATER"],
    ["unknown", "UND_ERR_SOCKET"],
  ])("calls it %s when the network says %s", async (outcome, code) => {
    const broken = { fetch: () => Promise.reject(Object.assign(new Error("broken"), { code })) };
    const error = await failure(refreshTokens(clientOf("https://as.example"), old, broken));
    expect(error).toMatchObject({ outcome, message: `The provider could not be reached (${code}).` });
  });

  it.each([{}, { code: 20 }])("knows a network's error by its text only: %j", async (fields) => {
    const broken = { fetch: () => Promise.reject(Object.assign(new Error("broken"), fields)) };
    const error = await failure(refreshTokens(clientOf("https://as.example"), old, broken));
    expect(error).toMatchObject({ outcome: "unknown", message: "The provider could not be reached." });
  });

  it("calls a refused connection unavailable, because nothing was sent", async () => {
    const server = await serve(json(minimal));
    const client = clientOf(server.origin);
    await server[Symbol.asyncDispose]();
    const error = await failure(refreshTokens(client, old));
    expect(error).toMatchObject({ code: "provider_unavailable", outcome: "unavailable" });
    expect(error.message).toContain("ECONNREFUSED");
  });

  it("ends with the caller's reason when the caller aborts", async () => {
    const controller = new AbortController();
    const reason = new Error("The browser went away.");
    await withServer(
      () => controller.abort(reason),
      async (client) => {
        await expect(exchange(client, { signal: controller.signal })).rejects.toBe(reason);
        await expect(exchange(client, { signal: controller.signal })).rejects.toBe(reason);
      },
    );
  });

  it("P10 keeps secrets out of the cause, also when a custom fetch puts the request into its error", async () => {
    const secretClient = clientOf("https://as.example", secretBasic("canary-secret"));
    const failures = [
      (init: RequestInit) => new Error(`failed: ${init.body}`),
      (init: RequestInit) =>
        new Error(`failed: ${String(init.body).slice(0, 120)}`, { cause: new Error(String(init.body)) }),
      (init: RequestInit) => new Error(`failed: ${new Headers(init.headers).get("Authorization")}`),
      (init: RequestInit) => Object.assign(new Error("failed"), { request: init, cause: init.body }),
      (init: RequestInit) => new Error(`failed: ${/(token|code)=.{9}/.exec(String(init.body))}`),
    ];
    for (const make of failures) {
      const options = { fetch: (_url: unknown, init?: RequestInit) => Promise.reject(make(init ?? {})) };
      for (const promise of [exchange(secretClient, options), refreshTokens(secretClient, old, options)]) {
        const error = await failure(promise);
        expect(inspect(error, { depth: 9 })).not.toContain(btoa("my+id:canary").slice(0, 12));
        expect(error.outcome).toBe("unknown");
      }
    }
    const posted = clientOf("https://as.example", secretPost("+++canary-secret"));
    const repeating = (_url: unknown, init?: RequestInit) =>
      Promise.reject(new Error(`failed: ${/client_secret=[^&]*/.exec(String(init?.body))}`));
    expect((await failure(refreshTokens(posted, old, { fetch: repeating }))).outcome).toBe("unknown");
    const harmless = { fetch: () => Promise.reject(new TypeError("x=1&y is not a function")) };
    expect((await failure(exchange(secretClient, harmless))).cause).toMatchObject({
      message: "TypeError: x=1&y is not a function",
    });
  });

  it("P10 hands on no words of the provider that repeat a secret of the request", async () => {
    const words = [
      { error: "invalid_grant", error_description: `Refresh token ${old.refreshToken} revoked` },
      { error: "invalid_grant", error_description: `${"x".repeat(290)} ${old.refreshToken}` },
      { error: `no_${old.refreshToken}` },
    ];
    const told: (string | undefined)[] = [];
    for (const body of words) {
      const error = await failure(
        refreshTokens(clientOf("https://as.example"), old, { fetch: async () => Response.json(body, { status: 400 }) }),
      );
      expect(inspect(error, { depth: 9 })).not.toContain(old.refreshToken?.slice(0, 8));
      told.push(error.error);
    }
    expect(told).toEqual(["invalid_grant", "invalid_grant", undefined]);
  });

  it("P10 hands on no secret of any kind, and all else of the answer", async () => {
    const echo = (_url: unknown, init?: RequestInit): Promise<Response> => {
      const body = new URLSearchParams(String(init?.body));
      const names = ["code", "code_verifier", "refresh_token", "token", "client_secret", "client_assertion"];
      const secrets = names.map((name) => body.get(name));
      return Promise.resolve(
        Response.json(
          {
            error: "invalid_request",
            error_description: secrets.filter((secret) => secret?.startsWith("canary-")).join(),
          },
          { status: 400, headers: { "Retry-After": "7" } },
        ),
      );
    };
    const client = clientOf("https://as.example");
    const withCode = (code: string, verifier: string) =>
      exchangeCode(client, readCallback(client, `code=${code}&state=s`, { state: "s" }), verifier, { fetch: echo });
    const plain = "v".repeat(43);
    const signed: ClientAuthentication = (body) => body.set("client_assertion", "canary-assertion");
    for (const attempt of [
      () => withCode("canary-1", plain),
      () => withCode("plain-code", verifier),
      () => refreshTokens(client, old, { fetch: echo }),
      () => revokeToken(client, "canary-token", { fetch: echo }),
      () => requestClientCredentials(clientOf("https://as.example", secretPost("canary-secret")), {}, { fetch: echo }),
      () => requestClientCredentials(clientOf("https://as.example", signed), {}, { fetch: echo }),
    ]) {
      const { errorDescription, ...error } = await failure(attempt());
      expect(errorDescription).toBeUndefined();
      expect(error).toMatchObject({ code: "token_request_refused", outcome: "refused", status: 400 });
      expect(error).toMatchObject({ error: "invalid_request", hint: expect.any(String) });
    }
  });

  it("P10 hands on words that are also names of the protocol", async () => {
    const signed: ClientAuthentication = (body) => {
      body.set("client_assertion", "canary-assertion");
      body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    };
    const words = "no refresh_token here, nor urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    const fetch = async () => Response.json({ error: "invalid_request", error_description: words }, { status: 400 });
    const options = { fetch, kind: "refresh_token" } as const;
    const error = await failure(revokeToken(clientOf("https://as.example", signed), "canary-refresh", options));
    expect(error.errorDescription).toBe(words);
  });

  it("P10 hands on no description without a code that repeats a secret", async () => {
    const fetch = async () =>
      Response.json({ error: 5, error_description: `${old.refreshToken} is unknown` }, { status: 400 });
    const error = await failure(refreshTokens(clientOf("https://as.example"), old, { fetch }));
    expect(error).toMatchObject({ name: "TokenRequestError", error: undefined, errorDescription: undefined });
  });
});

describe("revokeToken", () => {
  it("R1 posts the token as a form, with the public client's id", async () => {
    await withServer(json({}), async (client, { seen }) => {
      await revokeToken(client, "canary-refresh");
      expect(seen).toEqual([
        expect.objectContaining({ method: "POST", url: "/revoke", body: "client_id=my+id&token=canary-refresh" }),
      ]);
    });
  });

  it("R2 succeeds with 200 whatever the body says", async () => {
    await withServer(
      (response) => response.end("<garbage"),
      async (client) => {
        await expect(revokeToken(client, "x")).resolves.toBeUndefined();
      },
    );
  });

  it("R2 gives the connection back without reading the answer", async () => {
    let cancelled = 0;
    const cancel = (): void => {
      cancelled += 1;
    };
    const fetch = async () => new Response(new ReadableStream({ cancel }));
    await revokeToken(clientOf("https://as.example"), "x", { fetch });
    expect(cancelled).toBe(1);
  });

  it("R3 reports unsupported_token_type", async () => {
    await withServer(json({ error: "unsupported_token_type" }, 400), async (client) => {
      expect(await failure(revokeToken(client, "canary-token"))).toMatchObject({
        outcome: "refused",
        error: "unsupported_token_type",
      });
    });
  });

  it("R4 hands Retry-After through", async () => {
    await withServer(json({}, 503, { "Retry-After": "7" }), async (client) => {
      expect(await failure(revokeToken(client, "canary-token"))).toMatchObject({
        outcome: "unavailable",
        retryAfter: 7,
      });
    });
  });

  it.each([400, 401, 404, 500])("has a hint of its own when it fails: %i", async (status) => {
    const error = await failure(
      revokeToken(clientOf("https://as.example"), "canary-token", { fetch: async () => Response.json({}, { status }) }),
    );
    expect(error.hint).toContain("revocationEndpoint");
    expect(error.hint).not.toMatch(/tokenEndpoint|refresh token/);
  });

  it("R2 is done where the provider calls the token dead already", async () => {
    const fetch = async () => Response.json({ error: "invalid_grant" }, { status: 400 });
    await expect(revokeToken(clientOf("https://as.example"), "x", { fetch })).resolves.toBeUndefined();
  });

  it("asks the provider's own rule, also about 200: what fails there, and what was dead before", async () => {
    const words: string[] = ["token_revoked", "ratelimited", "fine"];
    const client = clientOf("https://as.example");
    const provider = defineProvider({
      ...client.provider,
      answer: {
        error: ({ members }) =>
          members.error === "token_revoked" ? "ended" : members.error === "ratelimited" ? "unavailable" : undefined,
      },
    });
    const fetch = async () => Response.json({ ok: false, error: words.shift() });
    const revoke = () => revokeToken({ ...client, provider }, "x", { fetch });
    await expect(revoke()).resolves.toBeUndefined();
    await expect(revoke()).rejects.toMatchObject({ outcome: "unavailable", error: "ratelimited" });
    await expect(revoke()).resolves.toBeUndefined();
  });

  it("R7 sends nothing without an endpoint, and says so", async () => {
    const { revocationEndpoint: _none, ...provider } = clientOf("https://as.example").provider;
    const client = createClient({ ...clientOf("https://as.example"), provider: defineProvider(provider) });
    await expect(revokeToken(client, "x")).rejects.toMatchObject({ option: "revocationEndpoint" });
  });
});
