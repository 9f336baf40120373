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
  it.each([
    [new Error("no"), "refused"],
    [new TokenRequestError("no", { code: "provider_unavailable", outcome: "unavailable", hint: "Wait." }), "unknown"],
    [new TokenRequestError("no", { code: "invalid_token_response", outcome: "unknown", hint: "Wait." }), "unknown"],
    [new TokenRequestError("no", { code: "token_request_refused", outcome: "ended", hint: "Log in." }), "ended"],
    [
      new TokenRequestError("no", { code: "provider_misconfigured", outcome: "misconfigured", hint: "Look." }),
      "refused",
    ],
  ])("shows the whole answer to the check first, and keeps no token when it throws %s", async (cause, outcome) => {
    const seen: unknown[] = [];
    const check = async (members: unknown) => {
      seen.push(members);
      throw cause;
    };
    const body = { ...minimal, id_token: "a.b.c" };
    await expect(readTokenResponse(answer(body), { ...context, check })).rejects.toMatchObject({
      ...{ code: "tokens_rejected", outcome, cause },
    });
    expect(seen).toEqual([body]);
    await expect(readTokenResponse(answer({ error: "no" }), { ...context, check })).rejects.not.toMatchObject({
      cause,
    });
  });

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

  it("A19 takes status 201, as providers send it", async () => {
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

  it.each(["bearer", "BEARER", "bEaReR", "Bearer "])("A20 takes the token type %s", async (type) => {
    expect((await readTokenResponse(answer({ ...minimal, token_type: type }), context)).tokenType).toBe("Bearer");
  });

  it.each(["mac", "DPoP", "user"])("A20 the token type %s is a set-up that does not fit, and named", async (type) => {
    const error = await failure(answer({ ...minimal, token_type: type }));
    expect(error).toMatchObject({ code: "token_type_unsupported", outcome: "misconfigured" });
    expect(error.message).toBe(`The provider answered with tokens of the type ${type}.`);
  });

  it("A20 takes the token types that the provider is known to answer, in any case", async () => {
    const provider = { tokenTypes: ["Bearer", "user"] };
    for (const token_type of ["user", "USER", "bearer"]) {
      const tokens = await readTokenResponse(answer({ ...minimal, token_type }), { ...context, provider });
      expect(tokens.tokenType).toBe("Bearer");
    }
    const other = readTokenResponse(answer({ ...minimal, token_type: "bot" }), { ...context, provider });
    await expect(other).rejects.toMatchObject({ code: "token_type_unsupported" });
  });

  it.each([undefined, null, "", 1, {}, ["DPoP"]])(
    "A20 takes the token type %j for Bearer, as providers leave it out",
    async (token_type) => {
      const tokens = await readTokenResponse(answer({ access_token: "t", token_type }), context);
      expect(tokens.tokenType).toBe("Bearer");
    },
  );

  it.each([
    [3600, 3600],
    ["3600", 3600],
    ["1", 1],
    [0, null],
    ["0", null],
    ["-1", null],
    [0.9, null],
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
    ["c, d", ["c", "d"]],
    ["c,d e", ["c,d", "e"]],
    [["c"], ["c"]],
    [
      ["c", "d"],
      ["c", "d"],
    ],
    [["c", 1, "d e", null, ["f"]], ["c"]],
    ["c \u00e9 d", ["c", "d"]],
    [[], ["a", "b"]],
    [[1], ["a", "b"]],
    [["a b"], ["a", "b"]],
    ["\u00e9", ["a", "b"]],
    [{ c: true }, ["a", "b"]],
    [7, ["a", "b"]],
    [true, ["a", "b"]],
  ])("A22 reads scope %j as %j: an odd one costs no tokens", async (scope, expected) => {
    expect((await readTokenResponse(answer({ ...minimal, scope }), context)).scope).toEqual(expected);
  });

  it.each([
    ["new", "new"],
    ["old", "old"],
    [undefined, "old"],
    ["", "old"],
    [null, "old"],
    [5, "old"],
    [{}, "old"],
    [["new"], "old"],
    ["new\n", "old"],
    ["ñew", "old"],
    ["  ", "old"],
    ["n e w ", "n e w "],
  ])("A27 reads refresh_token %j as %j", async (value, expected) => {
    expect((await readTokenResponse(answer({ ...minimal, refresh_token: value }), context)).refreshToken).toBe(
      expected,
    );
  });

  it("takes tokens for tokens, whatever else the answer says", async () => {
    const body = { ...minimal, error: "none", ok: false, expires_in: "soon", scope: [1], refresh_token: 5 };
    expect(await readTokenResponse(answer(body), context)).toMatchObject({
      ...{ accessToken: "t", expiresIn: null, scope: ["a", "b"], refreshToken: "old" },
    });
  });

  it("takes tokens beside a name that is no UTF-8", async () => {
    const [before, after] = ['{"access_token":"t","refresh_token":"new","name":"Ren', '"}'].map((part) =>
      Buffer.from(part),
    );
    const body = Buffer.concat([before as Buffer, Buffer.from([0xe9]), after as Buffer]);
    const response = new Response(body, { headers: { "Content-Type": "application/json; charset=iso-8859-1" } });
    expect(await readTokenResponse(response, context)).toMatchObject({ accessToken: "t", refreshToken: "new" });
  });

  it.each([
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "Application/JSON",
    "application/json, application/json",
    "application/vnd.as+json",
    "text/plain",
    "text/javascript",
    null,
  ])("A35 reads JSON sent as %s", async (type) => {
    expect((await readTokenResponse(answer(minimal, { type }), context)).accessToken).toBe("t");
  });

  it("A35 reads a form that is declared as one", async () => {
    const type = "application/x-www-form-urlencoded; charset=utf-8";
    const tokens = await readTokenResponse(
      answer("access_token=t&scope=repo%2Cgist&token_type=bearer&expires_in=60", { type }),
      context,
    );
    expect(tokens).toMatchObject({ accessToken: "t", scope: ["repo", "gist"], expiresIn: 60 });
  });

  it.each(["text/html", "text/html; charset=utf-8", "application/octet-stream", "image/png"])(
    "A35 refuses JSON sent as %s",
    async (type) => {
      expect(await failure(answer(minimal, { type }))).toMatchObject(unusable);
    },
  );

  it("A22 takes the longest lifetime that is one, and nothing beyond it", async () => {
    const read = async (expires_in: number) =>
      (await readTokenResponse(answer({ ...minimal, expires_in }), context)).expiresIn;
    expect([await read(1e10), await read(1e10 + 1), await read(1)]).toEqual([1e10, null, 1]);
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
