import { describe, expect, it } from "vitest";
import { spendCallback } from "./callback.ts";
import {
  type Callback,
  CallbackError,
  type Client,
  createClient,
  defineProvider,
  exchangeCode,
  readCallback,
  readState,
} from "./index.ts";

const issuer = "https://as.example";
const verifier = "v".repeat(43);
const state = "Abc-_123";

function clientWith(issuerInCallback?: "required"): Client {
  const provider = defineProvider({
    name: "as",
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    issuerInCallback,
  });
  return createClient({ provider, clientId: "id", redirectUri: "https://app.example/cb" });
}

const client = clientWith();

function failure(query: string, from: Client = client): CallbackError {
  try {
    readCallback(from, `https://app.example/cb?${query}`, { state });
  } catch (error) {
    if (CallbackError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("The callback was accepted.");
}

describe("readCallback", () => {
  it("takes a URL, its text, a path, a query and URLSearchParams", () => {
    const query = `code=c%2B1&state=${state}`;
    const href = `https://app.example/cb?${query}`;
    for (const url of [href, new URL(href), `/cb?${query}#x=1`, `?${query}`, query, new URLSearchParams(query)]) {
      expect({ ...readCallback(client, url, { state }) }).toEqual({
        code: "c+1",
        redirectUri: "https://app.example/cb",
      });
    }
  });

  it.each([
    "code=a&code=b&state=Abc-_123",
    "code=a&state=Abc-_123&state=Abc-_123",
    "error=a&error=b&state=Abc-_123",
    "code=a&state=Abc-_123&iss=x&iss=x",
  ])("A8 S6 refuses duplicates: %s", (query) => {
    expect(failure(query).code).toBe("duplicate_parameter");
  });

  it("A8 takes code[] for another name", () => {
    expect(failure(`code[]=a&state=${state}`).code).toBe("code_missing");
  });

  it("A9 treats an empty code as missing", () => {
    expect(failure(`code=&state=${state}`).code).toBe("code_missing");
    expect(failure(`state=${state}`).code).toBe("code_missing");
  });

  it("A10 ignores what it does not know", () => {
    const query = `code=a&state=${state}&foo=1&session_state=x&authuser=0&scope=a+b`;
    expect(readCallback(client, query, { state }).code).toBe("a");
  });

  it.each(["abc-_123", "Abc-_1234", "Abc-_12", "Abc-_123%20", "%2541bc-_123"])("A11 refuses the state %s", (other) => {
    expect(failure(`code=a&state=${other}`).code).toBe("state_mismatch");
  });

  it("A11 refuses a missing state, also where none is expected", () => {
    expect(failure("code=a").code).toBe("state_missing");
    expect(failure("code=a&state=").code).toBe("state_missing");
    for (const nothing of ["", undefined, null]) {
      expect(() => readCallback(client, "code=a&state=", { state: nothing as string })).toThrow(CallbackError);
    }
  });

  it("A12 believes error where code and error come together", () => {
    expect(failure(`code=a&error=access_denied&state=${state}`)).toMatchObject({
      code: "authorization_refused",
      error: "access_denied",
    });
  });

  it.each([
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "something_else",
  ])("A13 reports %s only after the state was right", (error) => {
    expect(failure(`error=${error}&state=${state}`)).toMatchObject({ code: "authorization_refused", error });
    const forged = failure(`error=${error}&state=forged`);
    expect(forged).toMatchObject({ code: "state_mismatch", error: undefined });
    expect(forged.message).not.toContain(error);
  });

  it.each(['<script>alert(1)</script>"', "a\r\nSet-Cookie: x=1", "\u202Egnp.exe", "x".repeat(100_000)])(
    "A14 sanitises the provider's words",
    (text) => {
      const { errorDescription = "", message } = failure(
        `error=access_denied&state=${state}&error_uri=javascript:1&error_description=${encodeURIComponent(text)}`,
      );
      expect(errorDescription).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,300}$/u);
      expect(message).not.toContain(errorDescription);
      expect(failure(`error=${encodeURIComponent(text.slice(0, 500))}&state=${state}`).message).toMatch(
        /^[ -~]{1,400}$/,
      );
    },
  );

  it.each([1, 2048, 8000, 16_384])("A31 takes a code of %i characters", (length) => {
    expect(readCallback(client, `state=${state}&code=${"c".repeat(length)}`, { state }).code).toHaveLength(length);
  });

  it("A31 refuses a code, state or issuer above 16 KiB", () => {
    const large = "c".repeat(16_385);
    for (const query of [
      `code=${large}&state=${state}`,
      `code=a&state=${large}`,
      `code=a&state=${state}&iss=${large}`,
    ]) {
      expect(failure(query).code).toBe("parameter_too_large");
    }
  });

  it("S1 accepts the exact issuer", () => {
    expect(readCallback(client, `code=a&state=${state}&iss=${encodeURIComponent(issuer)}`, { state }).issuer).toBe(
      issuer,
    );
  });

  it.each([`${issuer}/`, "https://AS.example", `${issuer}:443`, "https://other.example", ""])(
    "S1 S3 refuses the issuer %s",
    (other) => {
      expect(failure(`code=a&state=${state}&iss=${encodeURIComponent(other)}`).code).toBe("issuer_mismatch");
    },
  );

  it("S2 refuses a missing issuer where the provider announces it", () => {
    expect(failure(`code=a&state=${state}`, clientWith("required")).code).toBe("issuer_missing");
  });

  it("S4 does not attribute an error with a wrong issuer to the provider", () => {
    expect(failure(`error=access_denied&state=${state}&iss=https://evil.example`)).toMatchObject({
      code: "issuer_mismatch",
      error: undefined,
    });
  });

  it("S5 refuses a callback that another provider's login brought, under the same client id", () => {
    const elsewhere = createClient({
      ...client,
      provider: defineProvider({ ...client.provider, issuer: "https://other.example" }),
    });
    const brought = readCallback(elsewhere, `code=a&state=${state}`, { state });
    expect(() => spendCallback(client, brought)).toThrow(
      expect.objectContaining({ code: "unvalidated_callback", option: "callback" }),
    );
  });

  it("K17 does not show the code in a text, and says what is hidden", () => {
    expect(String(readCallback(client, `code=a&state=${state}`, { state }))).toBe("Callback [redacted]");
  });

  it("A18 S1 lets an exchange happen only with its own value, once, and for the same client", async () => {
    const requests: string[] = [];
    const options = {
      fetch: async (input: unknown) => {
        requests.push(String(input));
        return Response.json({ access_token: "t", token_type: "Bearer" });
      },
    };
    const unvalidated = expect.objectContaining({ code: "unvalidated_callback" });
    const callback = readCallback(client, `code=a&state=${state}`, { state });
    const other = createClient({ ...client, clientId: "other" });
    await expect(exchangeCode(client, { ...callback } as Callback, verifier, options)).rejects.toEqual(unvalidated);
    await exchangeCode(client, callback, verifier, options);
    await expect(exchangeCode(client, callback, verifier, options)).rejects.toEqual(unvalidated);
    const stolen = readCallback(client, `code=a&state=${state}`, { state });
    await expect(exchangeCode(other, stolen, verifier, options)).rejects.toEqual(unvalidated);
    expect(requests).toHaveLength(1);
  });
});

describe("readState", () => {
  it("returns the one well-formed state", () => {
    expect(readState(`/cb?code=a&state=${state}`)).toBe(state);
    for (const query of ["", "state=", "state=a&state=b", "state=a.b", "state=a%20b", `state=${"a".repeat(129)}`]) {
      expect(readState(`/cb?${query}`)).toBeNull();
    }
  });
});
