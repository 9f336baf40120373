import { describe, expect, it, vi } from "vitest";
import { type Answer, json, type ProviderServer, serve } from "../test/provider-server.ts";
import { type Authenticator, authenticatedFetch, createTokens, type Tokens } from "./index.ts";

interface Counted extends Authenticator {
  readonly rejected: string[];
}

function counted(): Counted {
  const rejected: string[] = [];
  return {
    rejected,
    async tokens(options = {}): Promise<Tokens> {
      if (options.rejected) rejected.push(options.rejected);
      const accessToken = `t${rejected.length}`;
      return createTokens({
        accessToken,
        tokenType: "Bearer",
        expiresIn: null,
        scope: [],
        refreshToken: null,
        createdAt: 0,
        authorizedAt: 0,
      });
    },
  };
}

async function withApi(
  answer: Answer,
  run: (api: ProviderServer, authenticator: Counted) => Promise<void>,
): Promise<void> {
  const api = await serve(answer);
  try {
    await run(api, counted());
  } finally {
    await api[Symbol.asyncDispose]();
  }
}

const refuseFirst =
  (headers: Record<string, string> = {}): Answer =>
  (response, request) =>
    json({ ok: true }, request.headers.authorization === "Bearer t0" ? 401 : 200, headers)(response, request);

describe("authenticatedFetch", () => {
  it("B1 sends the bearer token, and resolves a relative URL", () =>
    withApi(json({ ok: true }), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
      for (const input of [
        "/v1/me",
        `${api.origin}/v1/me`,
        new URL("/v1/me", api.origin),
        new Request(`${api.origin}/v1/me`),
      ]) {
        expect(await (await call(input)).json()).toEqual({ ok: true });
      }
      expect(api.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual(
        Array(4).fill(["/v1/me", "Bearer t0"]),
      );
    }));

  it("B1 refuses an Authorization header of the caller's", () =>
    withApi(json({}), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const headers = { authorization: "Bearer mine" };
      for (const attempt of [call(api.origin, { headers }), call(new Request(api.origin, { headers }))]) {
        await expect(attempt).rejects.toMatchObject({
          name: "ResourceRequestError",
          code: "authorization_header_present",
        });
      }
      expect(api.seen).toHaveLength(0);
    }));

  it.each([
    "https://api.spotify.com.evil.com/v1/me",
    "//evil.example/v1/me",
    "/\\evil.example/v1/me",
    "http://api.spotify.com/v1/me",
    "https://api.spotify.com@evil.com/v1/me",
    "https://u:p@api.spotify.com/v1/me",
    "https://api.spotify.com:444/v1/me",
    "/v1/..%2f..%2fadmin",
    "/v1/%2E%2e%5cadmin",
    "javascript:alert(1)",
    "https://",
  ])("B3 refuses %s", async (input) => {
    const requests: unknown[] = [];
    const call = authenticatedFetch(counted(), {
      origins: ["https://api.spotify.com"],
      base: "https://api.spotify.com",
      fetch: async (url) => {
        requests.push(url);
        return new Response();
      },
    });
    await expect(call(input)).rejects.toMatchObject({ code: "origin_not_allowed" });
    expect(requests).toEqual([]);
  });

  it("refuses unusable origins at construction", () => {
    for (const origins of [[], ["https://api.example/v1"], ["http://api.example"], ["*"]]) {
      expect(() => authenticatedFetch(counted(), { origins })).toThrow(expect.objectContaining({ option: "origins" }));
    }
    expect(() =>
      authenticatedFetch(counted(), { origins: ["https://a.example"], base: "https://b.example" }),
    ).toThrow();
  });

  it.each([301, 302, 303, 307, 308])("B3 follows a %i to another origin without the token", (status) =>
    withApi(json({ elsewhere: true }), (elsewhere, authenticator) =>
      withApi(
        (response) => response.writeHead(status, { Location: `${elsewhere.origin}/file` }).end(),
        async (api) => {
          const call = authenticatedFetch(authenticator, { origins: [api.origin] });
          expect(await (await call(api.origin, { headers: { "x-app": "1" } })).json()).toEqual({ elsewhere: true });
          expect(elsewhere.seen[0]?.headers.authorization).toBeUndefined();
          expect(elsewhere.seen[0]?.headers["x-app"]).toBe("1");
          const posted = await call(api.origin, { method: "POST", body: "private" });
          expect(posted.status).toBe(status >= 307 ? status : 200);
          expect(elsewhere.seen.some(({ body }) => body.includes("private"))).toBe(false);
        },
      ),
    ),
  );

  it("B3 follows a redirect within the origin with the token", () =>
    withApi(
      (response, request) =>
        request.url === "/old"
          ? response.writeHead(307, { Location: "/new" }).end()
          : json({ ok: true })(response, request),
      async (api, authenticator) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
        await call("/old", { method: "PUT", body: "x" });
        expect(api.seen.map(({ method, url, body, headers }) => [method, url, body, headers.authorization])).toEqual([
          ["PUT", "/old", "x", "Bearer t0"],
          ["PUT", "/new", "x", "Bearer t0"],
        ]);
        expect((await call("/old", { redirect: "manual" })).status).toBe(307);
        await expect(call("/old", { redirect: "error" })).rejects.toThrow(TypeError);
      },
    ));

  it("B3 takes a dot before an encoded slash for what it is, a dot", () =>
    withApi(json({}), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
      expect((await call("/v1/a.%2fb")).status).toBe(200);
    }));

  it.each([
    ["POST", 302, "GET"],
    ["TARGET", 302, "GET"],
    ["HEADER", 303, "GET"],
    ["GET", 302, "GET"],
    [undefined, 302, "GET"],
    ["HEAD", 301, "HEAD"],
    ["PUT", 307, "PUT"],
  ])("B3 follows a redirect of %s with %i by %s", async (method, status, expected) => {
    const seen: RequestInit[] = [];
    const fetch = async (_input: unknown, init: RequestInit = {}): Promise<Response> => {
      seen.push({ ...init, headers: Object.fromEntries(new Headers(init.headers)) });
      return seen.length === 1 ? new Response(null, { status, headers: { Location: "/new" } }) : new Response();
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    const headers = { "content-type": "text/plain", "x-app": "1" };
    const body = expected === "HEAD" || method === "GET" || method === undefined ? {} : { body: "text" };
    await call("https://api.example/old", { headers, ...body, ...(method ? { method } : {}) });
    expect(seen[1]?.method ?? "GET").toBe(expected);
    const keepsBody = expected === "PUT";
    expect(seen[1]?.body).toBe(keepsBody ? "text" : undefined);
    expect(seen[1]?.headers).toEqual({
      ...{ authorization: "Bearer t0", "x-app": "1" },
      ...(keepsBody || !("body" in body) ? { "content-type": "text/plain" } : {}),
    });
  });

  it.each([
    ["a redirect to nowhere", 302, {}],
    ["a redirect to what is no URL", 302, { Location: "https://" }],
    ["an answer that says where it stands", 201, { Location: "/elsewhere" }],
  ])("B3 hands %s through", async (_name, status, headers) => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return new Response(null, { status, headers: headers as Record<string, string> });
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    expect((await call("https://api.example/")).status).toBe(status);
    expect(asked).toBe(1);
  });

  it.each([
    [307, 307, 1],
    [308, 308, 1],
    [302, 200, 2],
  ])("B3 sends no stream twice: after %i the answer is %i", async (status, expected, requests) => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return asked === 1 ? new Response(null, { status, headers: { Location: "/new" } }) : new Response();
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    const body = new Blob(["a=1"]).stream();
    expect((await call("https://api.example/", { method: "POST", body })).status).toBe(expected);
    expect(asked).toBe(requests);
  });

  it.each(['Bearer realm="api"', 'DPoP error="invalid_dpop_proof", Bearer error="invalid_token"', 'Basic error="x"'])(
    "B6 renews after a 401 with %s",
    (challenge) =>
      withApi(refuseFirst({ "WWW-Authenticate": challenge }), async (api, authenticator) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin] });
        expect((await call(api.origin)).status).toBe(200);
        expect(authenticator.rejected).toEqual(["t0"]);
      }),
  );

  it("pain 39: waits after a 429 only, not after a 503 that asks for it", async () => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return new Response(null, { status: 503, headers: { "Retry-After": "0" } });
    };
    const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 1 } };
    expect((await authenticatedFetch(counted(), options)("https://api.example/")).status).toBe(503);
    expect(asked).toBe(1);
  });

  it("pain 39: stops waiting when the caller does", async () => {
    const controller = new AbortController();
    const reason = new Error("The browser went away.");
    const fetch = async (): Promise<Response> => {
      setImmediate(() => controller.abort(reason));
      return new Response(null, { status: 429, headers: { "Retry-After": "3600" } });
    };
    const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 3600 } };
    const { signal } = controller;
    await expect(authenticatedFetch(counted(), options)("https://api.example/", { signal })).rejects.toBe(reason);
  });

  it.each([
    ["nothing", undefined],
    ["text", "a=1"],
    ["a form", new URLSearchParams("a=1")],
    ["a buffer", new TextEncoder().encode("a=1")],
    ["a blob", new Blob(["a=1"])],
  ])("B5 renews and replays once after a 401, with %s as body", (_name, body) =>
    withApi(refuseFirst({ "WWW-Authenticate": 'Bearer error="invalid_token"' }), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const response = await call(api.origin, body === undefined ? {} : { method: "POST", body });
      expect(response.status).toBe(200);
      expect(api.seen.map((request) => request.body)).toEqual(Array(2).fill(body === undefined ? "" : "a=1"));
      expect(authenticator.rejected).toEqual(["t0"]);
    }),
  );

  it("B5 returns the second 401", () =>
    withApi(json({}, 401), async (api, authenticator) => {
      expect((await authenticatedFetch(authenticator, { origins: [api.origin] })(api.origin)).status).toBe(401);
      expect(api.seen).toHaveLength(2);
    }));

  it("B5 does not replay a stream", () =>
    withApi(refuseFirst(), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const init = { method: "POST", body: new Blob(["a=1"]).stream(), duplex: "half" };
      expect((await call(api.origin, init)).status).toBe(401);
      expect((await call(new Request(api.origin, { method: "POST", body: "a=1" }))).status).toBe(401);
      expect(api.seen.map(({ body }) => body)).toEqual(["a=1", "a=1"]);
      expect(authenticator.rejected).toEqual([]);
    }));

  it("B6 renews nothing for 403, or for a 401 of another kind", () =>
    withApi(
      (response, request) =>
        request.url === "/403"
          ? response.writeHead(403).end("Active premium subscription required")
          : json({}, 401, { "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="a"' })(response, request),
      async (api, authenticator) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
        expect(await (await call("/403")).text()).toBe("Active premium subscription required");
        expect((await call("/401")).status).toBe(401);
        expect(authenticator.rejected).toEqual([]);
      },
    ));

  it("pain 39: hands a 429 through, and waits for it on request only", () => {
    let limited = 0;
    const answer: Answer = (response, request) =>
      json({}, limited-- > 0 ? 429 : 200, { "Retry-After": request.url === "/long" ? "86400" : "0" })(
        response,
        request,
      );
    return withApi(answer, async (api, authenticator) => {
      const options = { origins: [api.origin], base: api.origin };
      limited = 1;
      expect((await authenticatedFetch(authenticator, options)("/")).status).toBe(429);
      const waiting = authenticatedFetch(authenticator, { ...options, retryAfter: { maxSeconds: 10 } });
      limited = 1;
      expect((await waiting("/")).status).toBe(200);
      limited = 1;
      expect((await waiting("/long")).status).toBe(429);
    });
  });

  it("pain 39: waits as long as it was told before it asks again, and no longer than it may", async () => {
    vi.useFakeTimers();
    try {
      const seconds = ["2", "3"];
      let asked = 0;
      const fetch = async (): Promise<Response> => {
        asked += 1;
        const retryAfter = seconds.shift();
        return retryAfter
          ? new Response(null, { status: 429, headers: { "Retry-After": retryAfter } })
          : new Response();
      };
      const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 2 } };
      const answer = authenticatedFetch(counted(), options)("https://api.example/");
      await vi.advanceTimersByTimeAsync(1_999);
      expect(asked).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toBe(2);
      expect((await answer).status).toBe(429);
    } finally {
      vi.useRealTimers();
    }
  });

  it("hands the caller's signal to whoever supplies the token", async () => {
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    const authenticator: Authenticator = {
      tokens(options) {
        seen.push(options?.signal);
        return counted().tokens(options);
      },
    };
    const headers = { "Retry-After": "0" };
    const answers = [new Response(null, { status: 401 }), new Response(null, { status: 429, headers }), new Response()];
    const fetch = async () => answers.shift() ?? Response.error();
    const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 1 } };
    await authenticatedFetch(authenticator, options)("https://api.example/", { signal });
    expect(seen).toEqual([signal, signal, signal]);
  });

  it.each([
    ["text", "text"],
    ["bytes", new TextEncoder().encode("text")],
    ["a form", new URLSearchParams("a=b")],
  ])("B5 replays %s", (_what, body) =>
    withApi(refuseFirst(), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      expect((await call(`${api.origin}/`, { method: "POST", body })).status).toBe(200);
    }),
  );

  it("B3 gives up a redirect that never ends, and leaves one alone that is not wanted", async () => {
    const fetched: (RequestInit | undefined)[] = [];
    const fetch = async (_input: unknown, init?: RequestInit): Promise<Response> => {
      fetched.push(init);
      return new Response(null, { status: 302, headers: { Location: "/again" } });
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    expect((await call("https://api.example/")).status).toBe(302);
    expect(fetched).toHaveLength(6);
    fetched.length = 0;
    await call("https://api.example/", { redirect: "error" });
    expect(fetched[0]?.redirect).toBe("error");
    fetched.length = 0;
    expect((await call("https://api.example/", { redirect: "manual" })).status).toBe(302);
    expect(fetched).toHaveLength(1);
  });

  it.each([302, 401, 429])("gives the connection of a %i back before it asks again", async (status) => {
    let cancelled = 0;
    let asked = 0;
    const cancel = (): void => {
      cancelled += 1;
    };
    const fetch = async (): Promise<Response> => {
      asked += 1;
      const body = new ReadableStream({ cancel });
      return asked > 1
        ? new Response()
        : new Response(body, { status, headers: { "Retry-After": "0", Location: "/" } });
    };
    const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 1 } };
    await authenticatedFetch(counted(), options)("https://api.example/");
    expect([asked, cancelled]).toEqual([2, 1]);
  });

  it("says which option is unusable", () => {
    const code = "invalid_option";
    const make = (origins: string[], base?: string) => () =>
      authenticatedFetch(counted(), { origins, ...(base === undefined ? {} : { base }) });
    expect(make([])).toThrow(expect.objectContaining({ code, option: "origins" }));
    expect(make(["https://api.example/path"])).toThrow(expect.objectContaining({ code, option: "origins" }));
    expect(make(["https://api.example"], "nonsense")).toThrow(expect.objectContaining({ option: "base" }));
  });
});
