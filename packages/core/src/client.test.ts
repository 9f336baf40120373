import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  type ClientAuthentication,
  createClient,
  defineProvider,
  none,
  type ProviderInput,
  secretBasic,
  secretPost,
} from "./index.ts";

const endpoints: ProviderInput = {
  name: "as",
  issuer: "https://as.example",
  authorizationEndpoint: "https://as.example/authorize",
  tokenEndpoint: "https://as.example/token",
};
const provider = defineProvider(endpoints);
const redirectUri = "https://app.example/cb";

const server = { issuer: "https://as.example", endpoint: "https://as.example/token" };

describe("createClient", () => {
  it("is a public client by default, and frozen", () => {
    const client = createClient({ provider, clientId: "id", redirectUri });
    expect(client.authentication.method).toBe("none");
    expect(Object.isFrozen(client)).toBe(true);
  });

  // A file that holds nothing else ends with a line break: the provider would only say that it does not know the client.
  it.each(["", "\uD800", undefined, ["id"], "id\n", " id"])("A3 refuses the client id %j", (clientId) => {
    expect(() => createClient({ provider, clientId: clientId as string, redirectUri })).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "clientId" }),
    );
  });

  it("refuses an option that there is not", () => {
    const input = { provider, clientId: "id", redirectUri, clientAuthentication: secretBasic("s") };
    expect(() => createClient(input)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "clientAuthentication" }),
    );
  });

  it("refuses an authentication that is no function", () => {
    const authentication = "a-secret" as unknown as ClientAuthentication;
    expect(() => createClient({ provider, clientId: "id", redirectUri, authentication })).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "authentication" }),
    );
  });

  it("A4 calls the ways to authenticate by the names of RFC 8414", () => {
    expect([none(), secretBasic("s"), secretPost("s")].map(({ method }) => method)).toEqual([
      "none",
      "client_secret_basic",
      "client_secret_post",
    ]);
  });

  it("A4 form-encodes id and secret before Basic, and sends no other authentication", () => {
    const body = new URLSearchParams();
    const headers = new Headers();
    secretBasic("p+q")(body, headers, "a:b", server);
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
      authentication(body, headers, "a:b", server);
      expect(body.toString()).toBe(expected);
      expect([...headers]).toEqual([]);
    }
  });

  it("prints no secret", () => {
    const client = createClient({ provider, clientId: "id", redirectUri, authentication: secretPost("canary-secret") });
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain("canary");
    for (const authenticate of [secretBasic, secretPost]) {
      expect(() => authenticate("")).toThrow(expect.objectContaining({ option: "secret" }));
    }
  });

  it.each([
    "com.example.app:/cb",
    "com1.example2.app3:/cb",
    "http://127.0.0.1/cb",
    "http://127.0.0.1:1/cb",
    "http://[::1]:1/cb",
    "https://x/cb",
  ])("N3 takes %s", (uri) => {
    expect(createClient({ provider, clientId: "id", redirectUri: uri }).redirectUri).toBe(uri);
  });

  it.each([
    "myapp:/cb",
    "myapp://cb",
    "discord-1234:/authorize/callback",
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
    "https://x:99999/cb",
    "http.s:\\\\x/cb",
    "/cb",
    " https://x/cb",
    "https://x/c b",
    "https://x/\u00e9",
    "",
    undefined,
    new URL("https://x/cb"),
  ])("N3 refuses %s", (uri) => {
    expect(() => createClient({ provider, clientId: "id", redirectUri: uri as string })).toThrow(
      expect.objectContaining({
        ...{ code: "invalid_redirect_uri", option: "redirectUri" },
        hint: expect.stringMatching(/your domain backwards, with one slash/),
      }),
    );
  });
});

describe("createClient with a provider that is found", () => {
  const registration = { clientId: "id", redirectUri };

  it("asks nobody until it is called, and is the same client as long as the provider is the same", async () => {
    let asked = 0;
    const other = defineProvider({ ...provider, tokenEndpoint: "https://as.example/other" });
    const find = createClient({ ...registration, provider: () => (asked++ < 2 ? provider : Promise.resolve(other)) });
    expect(asked).toBe(0);
    const [first, second, third] = [await find(), await find(), await find()];
    expect([first.provider, second === first, third.provider, Object.isFrozen(third)]).toEqual([
      provider,
      true,
      other,
      true,
    ]);
  });

  it("refuses a wrong registration at once, and what the provider refuses as soon as it is there", async () => {
    const at = (uri: string) => createClient({ ...registration, redirectUri: uri, provider: () => provider });
    expect(() => at("http://x/cb")).toThrow(expect.objectContaining({ option: "redirectUri" }));
    const withoutPkce = defineProvider({ ...provider, pkce: "unsupportedByProvider" });
    const find = createClient({ ...registration, provider: () => withoutPkce });
    await expect(find()).rejects.toMatchObject({ option: "authentication" });
  });

  it("rejects as the function does, and asks again", async () => {
    let isAway = true;
    const find = createClient({
      ...registration,
      provider() {
        if (isAway) throw new Error("away");
        return provider;
      },
    });
    await expect(find()).rejects.toThrow("away");
    isAway = false;
    expect((await find()).provider).toBe(provider);
  });
});
