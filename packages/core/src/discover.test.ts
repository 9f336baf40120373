import { describe, expect, it, vi } from "vitest";
import { type Answer, json, type ProviderServer, serve } from "../test/provider-server.ts";
import { type DiscoverOptions, discover, metadataOf, type Provider } from "./index.ts";

const pkce = { code_challenge_methods_supported: ["S256"] };

function metadata(issuer: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, ...pkce, ...more };
}

const own =
  (more: Record<string, unknown> = {}): Answer =>
  (response, request) =>
    json(metadata(`http://${request.headers.host}`, more))(response, request);

async function withServer(
  answer: Answer,
  run: (find: (options?: DiscoverOptions) => Promise<Provider>, server: ProviderServer) => Promise<void>,
): Promise<void> {
  const server = await serve(answer);
  try {
    await run((options) => discover(server.origin, { allowInsecureLoopback: true, ...options }), server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe("discover", () => {
  it.each([
    [{ lifeTime: 60 }, "lifeTime"],
    [{ provider: { refreshToken: {} } }, "provider.refreshToken"],
    [{ provider: { refreshTokens: { rotate: true } } }, "provider.refreshTokens.rotate"],
    [{ provider: { issuer: "https://as.example" } }, "provider.issuer"],
  ])("refuses the options %j and asks nobody", async (options, option) => {
    const asked = vi.fn<typeof fetch>();
    const found = discover("https://as.example", { ...options, fetch: asked } as DiscoverOptions);
    await expect(found).rejects.toMatchObject({ code: "invalid_option", option });
    expect(asked).not.toHaveBeenCalled();
  });

  it.each([
    ["https://as.example/t1", "https://as.example/.well-known/oauth-authorization-server/t1", undefined],
    ["https://as.example/t1/", "https://as.example/.well-known/oauth-authorization-server/t1", undefined],
    ["https://as.example", "https://as.example/.well-known/oauth-authorization-server", undefined],
    ["https://as.example/", "https://as.example/.well-known/oauth-authorization-server", undefined],
    ["https://as.example/t1", "https://as.example/t1/.well-known/openid-configuration", true],
  ])("M1 reads the metadata of %s at %s", async (issuer, expected, openid) => {
    const urls: string[] = [];
    const fetch = async (input: unknown): Promise<Response> => {
      urls.push(String(input));
      return Response.json(metadata(issuer));
    };
    expect((await discover(issuer, { fetch, openid })).issuer).toBe(issuer);
    expect(urls).toEqual([expected]);
  });

  const entra = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
  const answering = (issuer: string) => async () =>
    Response.json({ ...metadata(issuer), code_challenge_methods_supported: undefined });

  it.each(["common", "organizations"])(
    "says of a pattern for issuers, as of %s, that one tenant is needed",
    async (of) => {
      const found = discover(entra(of), { openid: true, pkce: "known", fetch: answering(entra("{tenantid}")) });
      await expect(found).rejects.toMatchObject({
        ...{ code: "metadata_issuer_mismatch", hint: expect.stringMatching(/single tenant/) },
      });
    },
  );

  it("takes one tenant by its id, and the id alone", async () => {
    const [tenant, consumers] = ["72f988bf-86f1-41af-91ab-2d7cd011db47", "9188040d-6c67-4c5b-b112-36a304b66dad"];
    const known = { openid: true, pkce: "known" } as const;
    const provider = await discover(entra(tenant), { ...known, fetch: answering(entra(tenant)) });
    expect(provider.issuer).toBe(entra(tenant));
    await expect(discover(entra(tenant), { openid: true, fetch: answering(entra(tenant)) })).rejects.toMatchObject({
      ...{ code: "pkce_unsupported", hint: expect.stringMatching(/pkce: "known"/) },
    });
    const others = discover(entra("consumers"), { ...known, fetch: answering(entra(consumers)) });
    await expect(others).rejects.toMatchObject({ code: "metadata_issuer_mismatch" });
  });

  it("takes a pattern for issuers where it is named, and hands the metadata out as they were written", async () => {
    const fetch = answering(entra("{tenantid}"));
    const options = { openid: true, pkce: "known", metadataIssuer: entra("{tenantid}"), fetch } as const;
    const provider = await discover(entra("common"), options);
    expect(provider.issuer).toBe(entra("common"));
    expect(metadataOf(provider)).toMatchObject({ issuer: entra("{tenantid}"), token_endpoint: expect.any(String) });
    expect(metadataOf({ ...provider })).toEqual({});
    const other = discover(entra("common"), { ...options, metadataIssuer: entra("{tenant}") });
    await expect(other).rejects.toMatchObject({ code: "metadata_issuer_mismatch" });
  });

  it("does not ask for S256 where the provider is said to have no PKCE", async () => {
    const fetch = answering("https://as.example");
    const provider = { pkce: "unsupportedByProvider" } as const;
    expect((await discover("https://as.example", { provider, fetch })).pkce).toBe("unsupportedByProvider");
  });

  it.each(["https://as.example/", "https://AS.example", "https://as.example:443", "https://other.example", undefined])(
    "M2 discards the metadata of the issuer %s",
    async (other) => {
      const fetch = async (): Promise<Response> => Response.json({ ...metadata("https://as.example"), issuer: other });
      await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({
        code: "metadata_issuer_mismatch",
      });
    },
  );

  it.each([
    ["http://as.example", "insecure_endpoint"],
    ["http://127.0.0.1:1", "insecure_endpoint"],
    ["https://as.example?x=1", "invalid_option"],
    ["https://as.example#x", "invalid_option"],
    ["as.example", "invalid_option"],
  ])("M3 M4 refuses the issuer %s", async (issuer, code) => {
    await expect(discover(issuer)).rejects.toMatchObject({ name: "ConfigurationError", code, option: "issuer" });
  });

  it("asks for JSON", () =>
    withServer(own(), async (find, { seen }) => {
      await find();
      expect(seen[0]?.headers.accept).toBe("application/json");
    }));

  it.each([["https://other.example"], [5], [undefined], [["{tenantid}"]]])(
    "says of another issuer, as %j, that it is another one, and nothing of tenants",
    async (issuer) => {
      const fetch = async () => Response.json({ ...metadata("https://as.example"), issuer });
      await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({
        ...{ code: "metadata_issuer_mismatch", message: "The metadata names another issuer." },
      });
    },
  );

  it("takes the path of an issuer whose host stands in it, too", async () => {
    const urls: string[] = [];
    const issuer = "https://as.example/as.example/t1";
    const fetch = async (input: unknown) => {
      urls.push(String(input));
      return Response.json(metadata(issuer));
    };
    await discover(issuer, { fetch });
    expect(urls).toEqual(["https://as.example/.well-known/oauth-authorization-server/as.example/t1"]);
  });

  it.each(["opaqueredirect", "followed"] as const)(
    "M4 knows a redirect by what a browser's fetch shows: %s",
    async (kind) => {
      const answer = Response.json(metadata("https://as.example"), { status: kind === "followed" ? 200 : 404 });
      Object.defineProperty(answer, "type", { value: kind === "opaqueredirect" ? kind : "basic" });
      Object.defineProperty(answer, "redirected", { value: kind === "followed" });
      await expect(discover("https://as.example", { fetch: async () => answer })).rejects.toMatchObject({
        ...{ code: "metadata_unavailable", message: expect.stringContaining("are a redirect") },
      });
    },
  );

  it("M4 takes no other status for a redirect", async () => {
    const fetch = async () => new Response("", { status: 403 });
    await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({
      message: expect.stringContaining("answered with status 403"),
    });
  });

  it("M4 does not follow a redirect", () =>
    withServer(own(), (_find, elsewhere) =>
      withServer(
        (response) => response.writeHead(302, { Location: elsewhere.origin }).end(),
        async (find) => {
          await expect(find()).rejects.toMatchObject({ code: "metadata_unavailable" });
          expect(elsewhere.seen).toHaveLength(0);
        },
      ),
    ));

  it("M4 does not follow a redirect within the issuer's origin either, and says where it leads and what to write", () =>
    withServer(
      (response, request) => {
        if (request.url?.endsWith("/")) own()(response, request);
        else response.writeHead(301, { Location: `${request.url}/` }).end();
      },
      async (find, { seen }) => {
        await expect(find({ openid: true })).rejects.toMatchObject({
          code: "metadata_unavailable",
          message: expect.stringContaining(" to /.well-known/openid-configuration/, which is not followed."),
          hint: expect.stringContaining("defineProvider()"),
        });
        expect(seen).toHaveLength(1);
      },
    ));

  it.each([
    ["status 404", "metadata_unavailable", json({}, 404)],
    ["status 201", "metadata_unavailable", json({}, 201)],
    [
      "HTML",
      "metadata_unavailable",
      (response, request) =>
        response
          .writeHead(200, { "Content-Type": "text/html" })
          .end(JSON.stringify(metadata(`http://${request.headers.host}`))),
    ],
    ["a list", "invalid_metadata", json([])],
    ["66 kB", "invalid_metadata", json({ x: "x".repeat(66_000) })],
  ] as [string, string, Answer][])("M5 refuses %s", (_name, code, answer) =>
    withServer(answer, async (find) => {
      const hint = expect.stringContaining("defineProvider()");
      await expect(find()).rejects.toMatchObject({ name: "DiscoveryError", code, hint });
    }),
  );

  it("says which status it was, or why nothing came", async () => {
    await withServer(json({}, 404), async (find) => {
      await expect(find()).rejects.toThrow("status 404");
    });
    const cause = new TypeError("fetch failed");
    const fetch = () => Promise.reject(cause);
    await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({
      ...{ code: "metadata_unavailable", cause },
    });
  });

  it("gives the connection of an answer back that it does not read", async () => {
    let cancelled = 0;
    const cancel = (): void => {
      cancelled += 1;
    };
    const fetch = async () => new Response(new ReadableStream({ cancel }), { status: 404 });
    await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({ code: "metadata_unavailable" });
    expect(cancelled).toBe(1);
  });

  it.each([
    { token_endpoint: "http://as.example/token" },
    { token_endpoint: "javascript:alert(1)" },
    { token_endpoint: "/token" },
    { token_endpoint: undefined },
    { authorization_endpoint: 5 },
    { revocation_endpoint: "ftp://as.example" },
    { code_challenge_methods_supported: "S256" },
    { code_challenge_methods_supported: [256] },
    { code_challenge_methods_supported: ["S256", 256] },
  ])("M6 M7 refuses %j", (more) =>
    withServer(own(more), async (find) => {
      await expect(find()).rejects.toMatchObject({ code: "invalid_metadata" });
    }),
  );

  it("M6 M7 takes endpoints on other hosts and ignores what it does not know", () =>
    withServer(
      own({
        token_endpoint: "https://tokens.example/t",
        device_authorization_endpoint: "https://d.example/",
        revocation_endpoint: "https://r.example/",
        x: 1,
      }),
      async (find, { origin }) => {
        expect(await find()).toEqual({
          name: new URL(origin).host,
          issuer: origin,
          authorizationEndpoint: `${origin}/authorize`,
          tokenEndpoint: "https://tokens.example/t",
          revocationEndpoint: "https://r.example/",
          deviceAuthorizationEndpoint: "https://d.example/",
          refreshTokens: { rotation: "either", retryUnknown: true },
          issuerInCallback: "checked",
          allowInsecureLoopback: true,
        });
      },
    ));

  it("M9 asks once for 100 callers, and again after the lifetime", () =>
    withServer(own(), async (find, { seen }) => {
      let clock = 0;
      const options = { now: () => clock, lifetime: 60 };
      await Promise.all(Array.from({ length: 100 }, () => find(options)));
      clock = 59_999;
      await find(options);
      expect(seen).toHaveLength(1);
      clock = 60_000;
      await find(options);
      expect(seen).toHaveLength(2);
    }));

  it("M9 forgets a failure, and keeps the old metadata through one", () => {
    let status = 500;
    const answer: Answer = (response, request) => (status === 200 ? own() : json({}, status))(response, request);
    return withServer(answer, async (find, { seen }) => {
      let clock = 0;
      const options = { now: () => clock, lifetime: 60 };
      await expect(find(options)).rejects.toMatchObject({ code: "metadata_unavailable" });
      status = 200;
      const provider = await find(options);
      status = 500;
      clock = 60_000;
      expect(await find(options)).toBe(provider);
      expect(await find(options)).toBe(provider);
      expect(seen).toHaveLength(3);
    });
  });

  it("M9 keeps nothing of an issuer that was never found", async () => {
    const kept = vi.spyOn(Map.prototype, "set");
    const fetch = async () => new Response(null, { status: 404 });
    await expect(discover("https://as.example", { fetch })).rejects.toMatchObject({ code: "metadata_unavailable" });
    const maps = kept.mock.contexts.filter((_map, at) => String(kept.mock.calls[at]?.[0]).includes("as.example"));
    kept.mockRestore();
    expect(maps.map((map) => (map as Map<string, unknown>).size)).toEqual([0]);
  });

  it("M9 asks again a minute after a failure, while the old metadata serves", () => {
    let status = 200;
    const answer: Answer = (response, request) => (status === 200 ? own() : json({}, status))(response, request);
    return withServer(answer, async (find, { seen }) => {
      let clock = 0;
      const at = (time: number): Promise<Provider> => {
        clock = time;
        return find({ now: () => clock });
      };
      const provider = await at(0);
      status = 500;
      for (const [time, asked] of [
        [3_599_999, 1],
        [3_600_000, 2],
        [3_659_999, 2],
        [3_660_000, 3],
      ] as const) {
        expect(await at(time)).toBe(provider);
        expect(seen).toHaveLength(asked);
      }
    });
  });

  it("M9 shares no provider that has a rule of its own", () =>
    withServer(own(), async (find, { seen }) => {
      const checkRedirectUri = (): void => {};
      expect((await find({ provider: { checkRedirectUri } })).checkRedirectUri).toBe(checkRedirectUri);
      const answer = { error: () => undefined };
      expect((await find({ provider: { answer } })).answer).toEqual(answer);
      expect(await find({ provider: {} })).not.toHaveProperty("answer");
      expect((await find({ provider: {} })).checkRedirectUri).toBeUndefined();
      expect(seen).toHaveLength(3);
    }));

  it("M9 gives up on silence", async () => {
    vi.useFakeTimers();
    try {
      const options = { fetch: () => new Promise<Response>(() => {}), timeout: 50 };
      const late = expect(discover("https://as.example", options)).rejects.toMatchObject({
        ...{ code: "metadata_unavailable", message: expect.stringContaining("in time") },
      });
      await vi.advanceTimersByTimeAsync(50);
      await late;
    } finally {
      vi.useRealTimers();
    }
  });

  it("M9 never awaits what another request has begun: whoever is stopped takes nobody along", async () => {
    let isStopped = true;
    let asked = 0;
    const fetch = async (): Promise<Response> => {
      asked += 1;
      // As in a worker that was stopped: no continuation of its ever runs.
      return isStopped ? new Promise<Response>(() => {}) : Response.json(metadata("https://as.example"));
    };
    let clock = 0;
    const find = () => discover("https://as.example", { fetch, now: () => clock, timeout: 50 });
    const stopped = expect(find()).rejects.toMatchObject({ code: "metadata_unavailable" });
    const follower = expect(find()).rejects.toMatchObject({ code: "metadata_unavailable" });
    await Promise.all([stopped, follower]);
    expect(asked).toBe(1);
    isStopped = false;
    clock = 50;
    expect((await find()).issuer).toBe("https://as.example");
    expect(asked).toBe(2);
  });

  it("M9 asks anew where whoever asked was stopped, and what comes late replaces nothing", async () => {
    const answers: ((response: Response) => void)[] = [];
    let clock = 0;
    const fetch = () => new Promise<Response>((resolve) => answers.push(resolve));
    const find = () => discover("https://as.example", { fetch, now: () => clock });
    const at = (host: string) =>
      Response.json(metadata("https://as.example", { token_endpoint: `https://${host}.example/token` }));
    const stopped = find();
    clock = 5_000;
    const anew = find();
    expect(answers).toHaveLength(2);
    answers[1]?.(at("new"));
    expect((await anew).tokenEndpoint).toBe("https://new.example/token");
    answers[0]?.(at("old"));
    expect((await stopped).tokenEndpoint).toBe("https://old.example/token");
    expect(await find()).toBe(await anew);
  });

  it("M9 tells the same failure to all who wait for it", async () => {
    const fetch = async () => new Response("", { status: 404 });
    const find = () => discover("https://as.example", { fetch }).catch((error: unknown) => error);
    const [first, second] = await Promise.all([find(), find()]);
    expect(first).toMatchObject({ code: "metadata_unavailable" });
    expect(second).toBe(first);
  });

  it("M9 serves the old metadata to everybody else while one caller reads them anew", async () => {
    let clock = 0;
    let answer: () => void = () => {};
    let asked = 0;
    const fetch = (): Promise<Response> => {
      asked += 1;
      const response = Response.json(metadata("https://as.example"));
      return asked === 1 ? Promise.resolve(response) : new Promise((resolve) => (answer = () => resolve(response)));
    };
    const find = () => discover("https://as.example", { fetch, now: () => clock });
    const first = await find();
    clock = 3_600_000;
    const reading = find();
    expect(await find()).toBe(first);
    answer();
    expect(await reading).not.toBe(first);
    expect(asked).toBe(2);
  });

  it("M9 lets the first or another caller stop waiting", async () => {
    const fetch = () => new Promise<Response>(() => {});
    for (const reason of [new Error("first"), new Error("second")]) {
      const controller = new AbortController();
      const impatient = discover("https://as.example", { fetch, signal: controller.signal });
      controller.abort(reason);
      await expect(impatient).rejects.toBe(reason);
    }
  });

  it("M10 fills in what the metadata does not say, and refuses a contradiction", () =>
    withServer(own(), async (find) => {
      const provider = { name: "as", api: "https://api.example", revocationEndpoint: "https://as.example/revoke" };
      expect(await find({ provider })).toMatchObject(provider);
      const { authorizationEndpoint, tokenEndpoint } = await find();
      expect(await find({ provider: { authorizationEndpoint, tokenEndpoint } })).toMatchObject({ tokenEndpoint });
    }));

  const optional = {
    revocation_endpoint: "https://as.example/revoke",
    device_authorization_endpoint: "https://as.example/device",
  };
  it.each([...["authorizationEndpoint", "tokenEndpoint", "revocationEndpoint", "deviceAuthorizationEndpoint"]])(
    "M10 refuses another %s",
    (option) =>
      withServer(own(optional), async (find) => {
        await expect(find({ provider: { [option]: "https://as.example/other" } })).rejects.toMatchObject({
          ...{ code: "metadata_conflict", option },
        });
      }),
  );

  it("M10 takes an endpoint that the metadata leaves out", () =>
    withServer(own({ authorization_endpoint: undefined }), async (find) => {
      const provider = { authorizationEndpoint: "https://as.example/authorize" };
      expect(await find({ provider })).toMatchObject(provider);
    }));

  it("P11 wants S256 announced, unless it is known", async () => {
    await withServer(own({ code_challenge_methods_supported: undefined }), async (find) => {
      await expect(find()).rejects.toMatchObject({ code: "pkce_unsupported" });
      expect((await find({ pkce: "known" })).name).not.toBe("");
    });
    await withServer(own({ code_challenge_methods_supported: ["plain"] }), async (find) => {
      await expect(find({ pkce: "known" })).rejects.toMatchObject({ code: "pkce_unsupported" });
    });
  });

  it("S2 requires iss in the callback where the metadata announces it", () =>
    withServer(own({ authorization_response_iss_parameter_supported: true }), async (find) => {
      expect((await find()).issuerInCallback).toBe("required");
    }));
});
