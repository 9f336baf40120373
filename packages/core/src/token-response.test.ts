import { describe, expect, it } from "vitest";
import { readTokenResponse, type TokenContext, TokenRequestError } from "./index.ts";

const now = Date.parse("2026-11-01T00:00:00Z");
const context: TokenContext = { scope: ["a", "b"], refreshToken: "old", createdAt: now, authorizedAt: now - 1000 };
const minimal = { access_token: "t", token_type: "Bearer" };

function answer(body: unknown, init: ResponseInit & { type?: string | null } = {}): Response {
  const { type = "application/json", status = 200 } = init;
  const headers = new Headers(init.headers);
  const empty = [204, 304].includes(status);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = new Response(empty ? null : new TextEncoder().encode(text), { status, headers });
  if (type !== null) response.headers.set("Content-Type", type);
  return response;
}

async function failure(response: Response): Promise<TokenRequestError> {
  const error: unknown = await readTokenResponse(response, context).then(
    () => new Error("The answer was accepted."),
    (reason) => reason,
  );
  if (TokenRequestError.isInstance(error)) return error;
  throw error;
}

const unusable = { code: "invalid_token_response", outcome: "unknown" };

describe("readTokenResponse", () => {
  it("reads a whole answer", async () => {
    const body = { ...minimal, expires_in: 3600, scope: "x y", refresh_token: "new" };
    expect({ ...(await readTokenResponse(answer(body), context)) }).toEqual({
      accessToken: "t",
      tokenType: "Bearer",
      expiresIn: 3600,
      scope: ["x", "y"],
      refreshToken: "new",
      createdAt: now,
      authorizedAt: now - 1000,
    });
  });

  it.each([
    ["{}", {}],
    ["no access_token", { token_type: "Bearer" }],
    ["an empty access_token", { ...minimal, access_token: "" }],
    ["a number as access_token", { ...minimal, access_token: 5 }],
    ["an array as access_token", { ...minimal, access_token: ["t"] }],
    ["a carriage return in access_token", { ...minimal, access_token: "t\r" }],
    ["a line feed in access_token", { ...minimal, access_token: "t\nX: y" }],
    ["a space in access_token", { ...minimal, access_token: "a b" }],
    ["a null byte in access_token", { ...minimal, access_token: "a\0" }],
    ["non-ASCII in access_token", { ...minimal, access_token: "é" }],
    ["a number as refresh_token", { ...minimal, refresh_token: 5 }],
    ["an object as refresh_token", { ...minimal, refresh_token: {} }],
    ["a line feed in refresh_token", { ...minimal, refresh_token: "r\n" }],
    ["an array as scope", { ...minimal, scope: ["a"] }],
    ["an array as body", []],
    ["a text as body", '"x"'],
    ["null as body", "null"],
    ["half a body", '{"access_token":"t'],
    ["an empty body", ""],
    ["a byte order mark", `\uFEFF${JSON.stringify(minimal)}`],
  ])("A19 A35 refuses %s", async (_name, body) => {
    expect(await failure(answer(body))).toMatchObject(unusable);
  });

  it.each([204, 206, 304])("A19 refuses status %i", async (status) => {
    expect(await failure(answer(minimal, { status }))).toMatchObject({ name: "TokenRequestError", status });
  });

  it("A19 takes status 201, as providers send it (pain 38)", async () => {
    expect((await readTokenResponse(answer(minimal, { status: 201 }), context)).accessToken).toBe("t");
  });

  it("A19 A24 keeps only what it knows, and no prototype", async () => {
    const body = '{"access_token":"t","token_type":"Bearer","__proto__":{"x":1},"id_token":"i","other":{"y":2}}';
    const tokens = await readTokenResponse(answer(body), context);
    expect((tokens as unknown as { x?: number }).x).toBeUndefined();
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(Object.keys(tokens).sort()).toEqual([
      "accessToken",
      "authorizedAt",
      "createdAt",
      "expiresIn",
      "refreshToken",
      "scope",
      "tokenType",
    ]);
  });

  it("A19 takes the last of a duplicated key, as JSON.parse does", async () => {
    const body = '{"access_token":"a","access_token":"b","token_type":"Bearer"}';
    expect((await readTokenResponse(answer(body), context)).accessToken).toBe("b");
  });

  it.each(["bearer", "BEARER", "bEaReR"])("A20 takes the token type %s", async (type) => {
    expect((await readTokenResponse(answer({ ...minimal, token_type: type }), context)).tokenType).toBe("Bearer");
  });

  it.each(["mac", "DPoP", "", 1, {}])("A20 refuses the token type %j", async (type) => {
    expect(await failure(answer({ ...minimal, token_type: type }))).toMatchObject(unusable);
  });

  it("A20 takes an absent token type for Bearer, as providers leave it out (pain 38)", async () => {
    expect((await readTokenResponse(answer({ access_token: "t" }), context)).tokenType).toBe("Bearer");
  });

  it.each([
    [3600, 3600],
    ["3600", 3600],
    [0, 0],
    [3599.9, 3599],
    [undefined, null],
    [null, null],
    [-1, null],
    ["abc", null],
    ["1e9x", null],
    ["1e3", null],
    ["60 ", null],
    [[3600], null],
    [true, null],
    [1e308, null],
    ["9".repeat(400), null],
  ])("A21 reads expires_in %j as %j: an odd one costs no tokens", async (value, expected) => {
    expect((await readTokenResponse(answer({ ...minimal, expires_in: value }), context)).expiresIn).toBe(expected);
  });

  it.each([
    [undefined, ["a", "b"]],
    [null, ["a", "b"]],
    ["", ["a", "b"]],
    ["b", ["b"]],
    ["b a", ["b", "a"]],
    ["A", ["A"]],
    ["a b c", ["a", "b", "c"]],
    ["a  b ", ["a", "b"]],
    ["a,b", ["a", "b"]],
  ])("A22 reads scope %j as %j", async (scope, expected) => {
    expect((await readTokenResponse(answer({ ...minimal, scope }), context)).scope).toEqual(expected);
  });

  it.each([
    ["new", "new"],
    ["old", "old"],
    [undefined, "old"],
    ["", "old"],
    [null, "old"],
  ])("A27 reads refresh_token %j as %j", async (value, expected) => {
    expect((await readTokenResponse(answer({ ...minimal, refresh_token: value }), context)).refreshToken).toBe(
      expected,
    );
  });

  it.each([
    [400, { error: "invalid_grant" }, "token_request_refused", "refused"],
    [
      400,
      { error: "invalid_request", error_description: "transform algorithm not supported" },
      "token_request_refused",
      "refused",
    ],
    [401, { error: "invalid_client" }, "client_authentication_failed", "refused"],
    [400, { error: "invalid_client" }, "client_authentication_failed", "refused"],
    [403, { error: "unauthorized_client" }, "token_request_refused", "refused"],
    [200, { error: "bad_verification_code" }, "token_request_refused", "refused"],
    [400, { error: "temporarily_unavailable" }, "provider_unavailable", "unavailable"],
    [400, { error: "server_error" }, "provider_unavailable", "unknown"],
    [400, { error: { status: 400 } }, "invalid_token_response", "unknown"],
    [400, {}, "invalid_token_response", "unknown"],
    [400, "", "invalid_token_response", "unknown"],
    [404, "Not found", "invalid_token_response", "unknown"],
    [500, { error: "invalid_grant" }, "provider_unavailable", "unknown"],
    [502, "<html>", "provider_unavailable", "unknown"],
    [503, "<html>", "provider_unavailable", "unavailable"],
    [429, { error: "invalid_grant" }, "rate_limited", "unavailable"],
    [302, "", "token_endpoint_redirected", "unavailable"],
    [308, "", "token_endpoint_redirected", "unavailable"],
  ])("A25 maps %i %j to %s, %s", async (status, body, code, outcome) => {
    const error = await failure(answer(body, { status }));
    expect(error).toMatchObject({ code, outcome, status });
    expect(error.hint).not.toBe("");
    expect(error.error).toBe(outcome === "refused" ? (body as { error: string }).error : undefined);
  });

  it.each(["temporarily_unavailable", "server_error", "invalid_grant"])(
    "A25 hands on what the provider says about %s",
    async (error) => {
      const body = { error, error_description: "back at noon" };
      expect((await failure(answer(body, { status: 400 }))).errorDescription).toBe("back at noon");
    },
  );

  it("A25 does not believe an error in HTML", async () => {
    const response = answer({ error: "invalid_grant" }, { status: 400, type: "text/html" });
    expect(await failure(response)).toMatchObject(unusable);
  });

  it.each([
    ["5", 5],
    ["86400", 86_400],
    ["Sun, 01 Nov 2026 00:00:30 GMT", 30],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
    ["-1", undefined],
    ["Sun, 01 Nov 2026 00:00:30 GMT+0100", undefined],
    ["X Sun, 01 Nov 2026 00:00:30 GMT", undefined],
    ["abc", undefined],
    ["1.5", undefined],
    ["5, 10", undefined],
    ["", undefined],
  ])("A25 reads Retry-After %j as %j", async (value, expected) => {
    for (const status of [429, 503]) {
      const error = await failure(answer("", { status, headers: { "Retry-After": value } }));
      expect(error.retryAfter).toBe(expected);
    }
  });

  it("A14 sanitises error and error_description", async () => {
    const body = { error: 'a"\r\nb', error_description: `<\u202E${"x".repeat(1000)}` };
    const error = await failure(answer(body, { status: 400 }));
    expect(error.error).toBe("a???b");
    expect(error.errorDescription).toMatch(/^<\?x{298}$/);
    expect(error.message).not.toContain("xx");
  });

  it.each([
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "Application/JSON",
    "application/vnd.as+json",
    "text/plain",
    "text/javascript",
    null,
  ])("A35 reads JSON sent as %s", async (type) => {
    expect((await readTokenResponse(answer(minimal, { type }), context)).accessToken).toBe("t");
  });

  it("A35 reads a form that is declared as one (pain 38)", async () => {
    const type = "application/x-www-form-urlencoded; charset=utf-8";
    const tokens = await readTokenResponse(
      answer("access_token=t&scope=repo%2Cgist&token_type=bearer&expires_in=60", { type }),
      context,
    );
    expect(tokens).toMatchObject({ accessToken: "t", scope: ["repo", "gist"], expiresIn: 60 });
    const refused = await failure(answer("error=bad_verification_code&error_description=x", { type }));
    expect(refused).toMatchObject({ outcome: "refused", error: "bad_verification_code" });
  });

  it.each(["text/html", "text/html; charset=utf-8", "application/octet-stream", "image/png"])(
    "A35 refuses JSON sent as %s",
    async (type) => {
      expect(await failure(answer(minimal, { type }))).toMatchObject(unusable);
    },
  );

  it.each([
    ["one that was followed", { redirected: true }, "unknown"],
    ["one that fetch hides", { type: "opaqueredirect", status: 0, ok: false }, "unavailable"],
    ["the first status of its kind", { status: 300, ok: false }, "unavailable"],
  ])("A32 refuses a redirect: %s", async (_what, look, outcome) => {
    const response = Object.defineProperties(
      answer(minimal),
      Object.fromEntries(Object.entries(look).map(([name, value]) => [name, { value }])),
    );
    expect(await failure(response)).toMatchObject({ code: "token_endpoint_redirected", outcome });
  });

  // A body that nobody reads keeps its connection for ever.
  it.each([
    ["a redirect", 301, "application/json"],
    ["too many requests", 429, "application/json"],
    ["a failure", 500, "application/json"],
    ["a page", 200, "text/html"],
  ])("gives the connection of %s back", async (_what, status, type) => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    await failure(new Response(body, { status, headers: { "Content-Type": type } }));
    expect(isCancelled).toBe(true);
  });

  it("A22 takes the longest lifetime that is one, and nothing beyond it", async () => {
    const read = async (expires_in: number) =>
      (await readTokenResponse(answer({ ...minimal, expires_in }), context)).expiresIn;
    expect([await read(1e10), await read(1e10 + 1), await read(0)]).toEqual([1e10, null, 0]);
  });

  it("A34 takes exactly 64 KiB", async () => {
    const body = JSON.stringify(minimal);
    const fill = (size: number) => answer(body.padEnd(size));
    expect((await readTokenResponse(fill(65_536), context)).accessToken).toBe("t");
    expect(await failure(fill(65_537))).toMatchObject(unusable);
  });

  it("A34 refuses more than 64 KiB and takes 16 KiB of token", async () => {
    expect(await failure(answer({ ...minimal, access_token: "t".repeat(65_536) }))).toMatchObject(unusable);
    const tokens = await readTokenResponse(answer({ ...minimal, access_token: "t".repeat(16_384) }), context);
    expect(tokens.accessToken).toHaveLength(16_384);
  });
});
