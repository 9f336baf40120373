import { describe, expect, it, vi } from "vitest";
import { type Answer, json, type ProviderServer, serve } from "../test/provider-server.ts";
import {
  type AuthenticatedFetchOptions,
  type Authenticator,
  authenticatedFetch,
  createTokens,
  type ProveRequest,
  type Tokens,
} from "./index.ts";

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

const redirect =
  (status: number, location: string): ((response: Parameters<Answer>[0]) => void) =>
  (response) => {
    response.writeHead(status, { Location: location }).end("moved");
  };

const refuseFirst =
  (headers: Record<string, string> = {}): Answer =>
  (response, request) =>
    json({ ok: true }, request.headers.authorization === "Bearer t0" ? 401 : 200, headers)(response, request);

describe("authenticatedFetch", () => {
  it.each([
    [{ baseUrl: "https://api.example" }, "baseUrl"],
    [{ retryAfter: { seconds: 10 } }, "retryAfter.seconds"],
    [{ retryAfter: 10 }, "retryAfter"],
  ])("refuses the options %j", (more, option) => {
    const options = { origins: ["https://api.example"], ...more } as AuthenticatedFetchOptions;
    expect(() => authenticatedFetch(counted(), options)).toThrow(
      expect.objectContaining({ code: "invalid_option", option }),
    );
  });

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

  it("B1 puts the current token in the place of one that it supplied", () =>
    withApi(refuseFirst(), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const headers = { authorization: "Bearer t0" };
      expect((await call(api.origin, { headers })).status).toBe(200);
      expect((await call(new Request(api.origin, { headers }))).status).toBe(200);
      expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t0", "Bearer t1", "Bearer t1"]);
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
    "blob:https://api.spotify.com/3fa85f64",
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

  it.each([301, 302, 303, 307, 308])("B3 follows a %i to another origin with nothing but harmless headers", (status) =>
    withApi(json({ elsewhere: true }), (elsewhere, authenticator) =>
      withApi(redirect(status, `${elsewhere.origin}/file`), async (api) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin] });
        const own = { cookie: "a=1", "proxy-authorization": "Basic YTpi", "x-api-key": "key", "x-app": "1" };
        const headers = { ...own, accept: "text/plain", "content-type": "text/plain", range: "bytes=1-" };
        expect(await (await call(api.origin, { headers })).json()).toEqual({ elsewhere: true });
        expect(await (await call(new Request(api.origin, { headers }))).json()).toEqual({ elsewhere: true });
        for (const seen of elsewhere.seen) {
          const names = Object.keys(seen.headers);
          expect(names.filter((name) => name in own || /^(authorization|content-type)$/.test(name))).toEqual([]);
          expect(seen.headers).toMatchObject({ accept: "text/plain", range: "bytes=1-" });
        }
        expect(elsewhere.seen).toHaveLength(2);
      }),
    ),
  );

  it.each([302, 307])("B3 hands no body to another origin with a %i", (status) =>
    withApi(json({}), (elsewhere, authenticator) =>
      withApi(redirect(status, `${elsewhere.origin}/file`), async (api) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin] });
        const posted = call(api.origin, { method: "POST", body: "private" });
        if (status === 307) await expect(posted).rejects.toMatchObject({ code: "redirect_refused" });
        else expect((await posted).status).toBe(200);
        expect(elsewhere.seen.map(({ method, body }) => [method, body])).toEqual(status === 307 ? [] : [["GET", ""]]);
      }),
    ),
  );

  it("B3 sends neither token nor app headers to the API that a stranger sends back to", () =>
    withApi(json({}), (api, authenticator) =>
      withApi(redirect(302, `${api.origin}/delete-everything`), (elsewhere) =>
        withApi(redirect(302, elsewhere.origin), async (start) => {
          const call = authenticatedFetch(authenticator, { origins: [start.origin, api.origin] });
          await call(start.origin, { headers: { "x-app": "1" } });
          expect(start.seen[0]?.headers).toMatchObject({ authorization: "Bearer t0", "x-app": "1" });
          expect(Object.keys(api.seen[0]?.headers ?? {})).not.toContain("authorization");
          expect(Object.keys(api.seen[0]?.headers ?? {})).not.toContain("x-app");
        }),
      ),
    ));

  it("B3 goes with token, body and headers to another allowed origin, but without what is one host's", () =>
    withApi(json({}), (files, authenticator) =>
      withApi(redirect(307, `${files.origin}/upload`), async (api) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin, files.origin] });
        const headers = { cookie: "a=1", "x-app": "1" };
        expect((await call(api.origin, { method: "PUT", body: "x", headers })).status).toBe(200);
        expect(files.seen[0]).toMatchObject({
          ...{ method: "PUT", url: "/upload", body: "x" },
          headers: { authorization: "Bearer t0", "x-app": "1" },
        });
        expect(Object.keys(files.seen[0]?.headers ?? {})).not.toContain("cookie");
      }),
    ));

  it.each([
    ["a file", import.meta.url],
    ["data", "data:text/plain,private"],
    ["a script", "javascript:alert(1)"],
    ["plain http elsewhere", "http://elsewhere.example/"],
    ["a user name", "http://ada:pw@127.0.0.1:1/"],
    ["what is no URL", "http://"],
  ])("B3 refuses a redirect to %s, also after another origin", (_what, location) =>
    withApi(redirect(302, location), (elsewhere, authenticator) =>
      withApi(redirect(302, elsewhere.origin), async (api) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin] });
        await expect(call(api.origin)).rejects.toMatchObject({
          ...{ name: "ResourceRequestError", code: "redirect_refused" },
          hint: expect.stringContaining("final URL"),
        });
        expect(elsewhere.seen).toHaveLength(1);
      }),
    ),
  );

  it("B3 never goes down from https to http, not even to an origin that is allowed", async () => {
    const asked: string[] = [];
    const fetch = async (url: unknown): Promise<Response> => {
      asked.push(String(url));
      return new Response(null, { status: 302, headers: { Location: "http://127.0.0.1:8080/" } });
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example", "http://127.0.0.1:8080"], fetch });
    await expect(call("https://api.example/")).rejects.toMatchObject({ code: "redirect_refused" });
    expect(asked).toEqual(["https://api.example/"]);
  });

  it("B3 tells another origin neither the referrer nor to use credentials, and no fetch to follow", async () => {
    const asked: RequestInit[] = [];
    const answers = ["https://api.example/b", "https://cdn.example/", "https://cdn.example/b"];
    const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
      const location = answers[asked.length];
      asked.push(init);
      return location ? new Response(null, { status: 302, headers: { Location: location } }) : new Response();
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    const connection = {};
    const init = { credentials: "include", referrer: "https://app.example/private", dispatcher: connection } as const;
    await call(new Request("https://api.example/", { headers: { "x-app": "1" } }), init);
    expect(asked.map((one) => [one.redirect, one.credentials, one.referrer])).toEqual([
      ...Array(2).fill(["manual", "include", "https://app.example/private"]),
      ...Array(2).fill(["manual", undefined, undefined]),
    ]);
    // What makes the connection, such as a proxy, serves every hop.
    expect(asked.map((one) => (one as typeof init).dispatcher)).toEqual(Array(4).fill(connection));
  });

  it("B3 follows a redirect within the origin with the token, where it may be followed", () =>
    withApi(
      (response, request) =>
        request.url === "/new" ? json({ ok: true })(response, request) : redirect(307, "/new")(response),
      async (api, authenticator) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
        await call("/old", { method: "PUT", body: "x" });
        expect(api.seen.map(({ method, url, body, headers }) => [method, url, body, headers.authorization])).toEqual([
          ["PUT", "/old", "x", "Bearer t0"],
          ["PUT", "/new", "x", "Bearer t0"],
        ]);
        expect((await call("/old", { redirect: "manual" })).status).toBe(307);
        expect((await call(new Request(`${api.origin}/old`, { redirect: "manual" }))).status).toBe(307);
        await expect(call("/old", { redirect: "error" })).rejects.toMatchObject({ code: "redirect_refused" });
        expect((await call("/new", { redirect: "error" })).status).toBe(200);
      },
    ));

  it("B6 renews nothing for a 401 of another origin, and does not wait for its 429", () => {
    let status = 401;
    return withApi(
      (response, request) => json({}, status, { "Retry-After": "0" })(response, request),
      (elsewhere, authenticator) =>
        withApi(redirect(302, elsewhere.origin), async (api) => {
          const options = { origins: [api.origin], retryAfter: { maxSeconds: 1 } };
          const call = authenticatedFetch(authenticator, options);
          expect((await call(api.origin)).status).toBe(401);
          status = 429;
          expect((await call(api.origin)).status).toBe(429);
          expect([authenticator.rejected, elsewhere.seen.length]).toEqual([[], 2]);
        }),
    );
  });

  it.each([401, 429])("B5 repeats after a %i what was refused, and not the POST that led there", (status) => {
    let refusals = 1;
    return withApi(
      (response, request) =>
        request.method === "POST"
          ? redirect(303, "/result")(response)
          : json({}, refusals-- > 0 ? status : 200, { "Retry-After": "0" })(response, request),
      async (api, authenticator) => {
        const options = { origins: [api.origin], retryAfter: { maxSeconds: 1 } };
        // After the 303 there is no body left, so that it matters no more that it was a stream.
        const body = new Blob(["a=1"]).stream();
        const answer = await authenticatedFetch(authenticator, options)(api.origin, { method: "POST", body });
        expect(answer.status).toBe(200);
        expect(api.seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
          ["POST", "/", "Bearer t0"],
          ["GET", "/result", "Bearer t0"],
          ["GET", "/result", status === 401 ? "Bearer t1" : "Bearer t0"],
        ]);
      },
    );
  });

  it("B3 takes a dot before an encoded slash for what it is, a dot", () =>
    withApi(json({}), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
      expect((await call("/v1/a.%2fb")).status).toBe(200);
    }));

  it.each([
    'Bearer realm="api"',
    'DPoP error="invalid_dpop_proof", Bearer error="invalid_token"',
    'Basic error="x"',
    // An API's own words: one renewal is tried, and none again where it did not help.
    'Bearer error="expired_token"',
    'Bearer error="", error_description="expired"',
    'Bearer error="Invalid_Token"',
  ])("B6 renews after a 401 with %s", (challenge) =>
    withApi(refuseFirst({ "WWW-Authenticate": challenge }), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      expect((await call(api.origin)).status).toBe(200);
      expect(authenticator.rejected).toEqual(["t0"]);
    }),
  );

  it.each([
    ["after a 503, though it asks for it", 503, {}],
    ["a stream after a 429", 429, { method: "POST", body: new Blob(["a=1"]).stream() }],
  ] as const)("sends nothing again: %s", async (_what, status, init) => {
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return new Response(null, { status, headers: { "Retry-After": "0" } });
    };
    const options = { origins: ["https://api.example"], fetch, retryAfter: { maxSeconds: 1 } };
    expect((await authenticatedFetch(counted(), options)("https://api.example/", init)).status).toBe(status);
    expect(asked).toBe(1);
  });

  it("stops waiting when the caller does", async () => {
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

  it("B5 does not replay a stream, but the next request has new tokens", () =>
    withApi(refuseFirst(), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const init = { method: "POST", body: new Blob(["a=1"]).stream(), duplex: "half" };
      expect((await call(api.origin, init)).status).toBe(401);
      expect(authenticator.rejected).toEqual(["t0"]);
      expect((await call(api.origin)).status).toBe(200);
      expect(api.seen.map(({ body }) => body)).toEqual(["a=1", ""]);
    }));

  it("B5 replays what a Request carries, as ky, openapi-fetch and axios send it", () =>
    withApi(refuseFirst(), async (api, authenticator) => {
      const call = authenticatedFetch(authenticator, { origins: [api.origin] });
      const headers = { "Content-Type": "application/json" };
      const request = new Request(api.origin, { method: "POST", headers, body: '{"a":1}' });
      expect((await call(request)).status).toBe(200);
      expect(api.seen.map(({ method, body, headers }) => [method, body, headers["content-type"]])).toEqual(
        Array(2).fill(["POST", '{"a":1}', "application/json"]),
      );
      expect(request.bodyUsed).toBe(true);
    }));

  it("B5 says why the tokens cannot be renewed, and gives the connection of the 401 back", async () => {
    const reason = new Error("Only a new login helps.");
    const authenticator: Authenticator = {
      tokens: (options) => (options?.rejected ? Promise.reject(reason) : counted().tokens()),
    };
    const cancel = vi.fn();
    const fetch = async () => new Response(new ReadableStream({ cancel }), { status: 401 });
    const call = authenticatedFetch(authenticator, { origins: ["https://api.example"], fetch });
    const init = { method: "POST", body: new Blob(["a=1"]).stream(), duplex: "half" };
    await expect(call("https://api.example/", init)).rejects.toBe(reason);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it("B6 renews nothing for 403, or for a 401 of another kind", () =>
    withApi(
      (response, request) =>
        request.url === "/403"
          ? response.writeHead(403).end("Active premium subscription required")
          : json({}, 401, { "WWW-Authenticate": `Bearer error="${request.url?.slice(1)}", scope="a"` })(
              response,
              request,
            ),
      async (api, authenticator) => {
        const call = authenticatedFetch(authenticator, { origins: [api.origin], base: api.origin });
        expect(await (await call("/403")).text()).toBe("Active premium subscription required");
        for (const error of ["insufficient_scope", "insufficient_user_authentication", "invalid_request"]) {
          expect((await call(`/${error}`)).status).toBe(401);
        }
        expect(authenticator.rejected).toEqual([]);
      },
    ));

  // RFC 9449 section 9: the proof lacked the server's nonce, and the token is good. The stream cannot be sent again, the next
  // one is sent with the nonce that this answer brought.
  it("B5 learns the nonce that the answer to a stream brings, and renews no tokens for it", () => {
    const answer: Answer = (response, request) =>
      request.headers.dpop === "n1"
        ? json({ ok: true })(response, request)
        : json({}, 401, { "WWW-Authenticate": 'DPoP error="use_dpop_nonce"', "DPoP-Nonce": "n1" })(response, request);
    return withApi(answer, async (api, authenticator) => {
      let nonce = "none";
      const proveRequest: ProveRequest = (_request, { answer }) => {
        nonce = answer?.headers.get("DPoP-Nonce") ?? nonce;
        return { DPoP: nonce };
      };
      const call = authenticatedFetch(authenticator, { origins: [api.origin], proveRequest });
      const send = async () =>
        (await call(api.origin, { method: "POST", body: new Blob(["a=1"]).stream(), duplex: "half" } as RequestInit))
          .status;
      expect([await send(), await send()]).toEqual([401, 200]);
      expect(authenticator.rejected).toEqual([]);
    });
  });

  it("hands a 429 through, and waits for it on request only", () => {
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

  it("does not ask again at once where it was told a time that no timer can wait", async () => {
    vi.useFakeTimers();
    try {
      let asked = 0;
      const fetch = async (): Promise<Response> => {
        asked += 1;
        return new Response(null, { status: 429, headers: { "Retry-After": "2147484" } });
      };
      const options = {
        origins: ["https://api.example"],
        fetch,
        retryAfter: { maxSeconds: Number.POSITIVE_INFINITY },
      };
      void authenticatedFetch(counted(), options)("https://api.example/");
      await vi.advanceTimersByTimeAsync(60_000);
      expect(asked).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits as long as it was told before it asks again, and no longer than it may", async () => {
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

  it("B3 gives up a redirect that never ends, and gives each connection back", async () => {
    let asked = 0;
    let cancelled = 0;
    const cancel = (): void => {
      cancelled += 1;
    };
    const fetch = async (): Promise<Response> => {
      asked += 1;
      return new Response(new ReadableStream({ cancel }), { status: 302, headers: { Location: "/again" } });
    };
    const call = authenticatedFetch(counted(), { origins: ["https://api.example"], fetch });
    await expect(call("https://api.example/")).rejects.toMatchObject({ code: "redirect_refused" });
    expect([asked, cancelled]).toEqual([6, 6]);
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
