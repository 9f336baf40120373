import { afterEach, describe, expect, it, vi } from "vitest";
import {
  buildLoginUri,
  type Client,
  createClient,
  defineProvider,
  generateCodes,
  generateState,
  type LoginUriRequest,
} from "./index.ts";

const codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

function clientAt(endpoint: string, redirectUri = "https://app.example/cb", clientId = "id"): Client {
  const provider = defineProvider({
    name: "as",
    issuer: "https://as.example",
    authorizationEndpoint: endpoint,
    tokenEndpoint: "https://as.example/token",
  });
  return createClient({ provider, clientId, redirectUri });
}

const client = clientAt("https://as.example/authorize");

describe("buildLoginUri", () => {
  it("writes the seed's parameters in the seed's order", () => {
    const app = clientAt("https://accounts.spotify.com/authorize", "http://127.0.0.1:5000/callback", "my id");
    const url = buildLoginUri(app, {
      scope: ["playlist-read-private", "playlist-read-collaborative"],
      state: "abc",
      codeChallenge,
      parameters: { show_dialog: "true" },
    });
    expect(url.href).toBe(
      "https://accounts.spotify.com/authorize?client_id=my+id&response_type=code" +
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcallback&state=abc" +
        "&scope=playlist-read-private+playlist-read-collaborative" +
        `&code_challenge=${codeChallenge}&code_challenge_method=S256&show_dialog=true`,
    );
  });

  it("P6 names S256 exactly once", () => {
    const query = buildLoginUri(client, { codeChallenge }).searchParams;
    expect(query.getAll("code_challenge")).toEqual([codeChallenge]);
    expect(query.getAll("code_challenge_method")).toEqual(["S256"]);
  });

  it("asks for a form where the provider posts its answer, and else for nothing", () => {
    const posting = createClient({ ...client, provider: { ...client.provider, responseMode: "form_post" } });
    expect(buildLoginUri(posting, { codeChallenge }).searchParams.getAll("response_mode")).toEqual(["form_post"]);
    expect(buildLoginUri(client, { codeChallenge }).searchParams.has("response_mode")).toBe(false);
  });

  it("P7 refuses plain and a missing challenge", () => {
    const request = { codeChallenge, codeChallengeMethod: "plain" } as unknown as LoginUriRequest;
    expect(() => buildLoginUri(client, request)).toThrow(expect.objectContaining({ code: "invalid_option" }));
    for (const wrong of [undefined, `${codeChallenge}=`, `=${codeChallenge}`, codeChallenge.slice(1)]) {
      expect(() => buildLoginUri(client, { codeChallenge: wrong } as LoginUriRequest)).toThrow(
        expect.objectContaining({ option: "codeChallenge" }),
      );
    }
  });

  it("P10 does not contain the verifier", async () => {
    const { verifier, challenge } = await generateCodes();
    expect(buildLoginUri(client, { codeChallenge: challenge, state: "s" }).href).not.toContain(verifier);
  });

  it("A2 encodes as a form in UTF-8", () => {
    const text = " %&+£€";
    expect(buildLoginUri(client, { codeChallenge, parameters: { text } }).href).toContain(
      "text=+%25%26%2B%C2%A3%E2%82%AC",
    );
    const odd = clientAt("https://as.example/authorize", "https://app.example/cb", "a b&c=d");
    expect(buildLoginUri(odd, { codeChallenge }).search).toMatch(/^\?client_id=a\+b%26c%3Dd&/);
  });

  it("A3 refuses half a surrogate pair", () => {
    const parameters = { hint: "\uD800" };
    expect(() => buildLoginUri(client, { codeChallenge, parameters })).toThrow(
      expect.objectContaining({ option: "hint" }),
    );
  });

  it("A5 keeps the endpoint's own query once", () => {
    const url = buildLoginUri(clientAt("https://as.example/authorize?tenant=1"), { codeChallenge });
    expect(url.searchParams.getAll("tenant")).toEqual(["1"]);
    expect(url.searchParams.getAll("client_id")).toEqual(["id"]);
    const odd = buildLoginUri(clientAt("https://as.example/authorize?back=/a?b=1&é"), { codeChallenge });
    expect(odd.search).toMatch(/^\?back=%2Fa%3Fb%3D1&%C3%A9=&client_id=id&/);
    expect(() => clientAt("https://as.example/authorize#x")).toThrow(
      expect.objectContaining({ option: "authorizationEndpoint" }),
    );
  });

  it("A6 leaves empty values out", () => {
    const request = { codeChallenge, scope: [], state: "", parameters: { a: "", b: undefined } };
    const names = [...buildLoginUri(client, request).searchParams.keys()];
    expect(names).toEqual(["client_id", "response_type", "redirect_uri", "code_challenge", "code_challenge_method"]);
    expect(buildLoginUri(client, { ...request, scope: null } as unknown as LoginUriRequest).search).not.toContain(
      "scope",
    );
  });

  it.each(["state", "client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "scope"])(
    "A7 does not let parameters overwrite %s",
    (name) => {
      const reserved = expect.objectContaining({ code: "reserved_parameter", option: name });
      expect(() => buildLoginUri(client, { codeChallenge, parameters: { [name]: "x" } })).toThrow(reserved);
      const endpoint = clientAt(`https://as.example/authorize?${name}=x`);
      expect(() => buildLoginUri(endpoint, { codeChallenge })).toThrow(reserved);
    },
  );

  it("keeps its parameters in a browser whose URLSearchParams have no size", () => {
    const size = vi.spyOn(URLSearchParams.prototype, "size", "get").mockReturnValue(undefined as never);
    const url = buildLoginUri(client, { codeChallenge, state: "s", parameters: { a: "1" } });
    size.mockRestore();
    expect([url.searchParams.get("state"), url.searchParams.get("a")]).toEqual(["s", "1"]);
  });

  it.each([
    "https://x/cb?b=2&a=1",
    "HTTPS://X:443/cb",
    "https://x/cb/%7Euser",
    "https://x/cb/",
    "https://x",
    "com.example.app:/callback",
  ])("A15 keeps %s byte for byte", (redirectUri) => {
    const url = buildLoginUri(clientAt("https://as.example/authorize", redirectUri), { codeChallenge });
    expect(url.searchParams.get("redirect_uri")).toBe(redirectUri);
  });

  it.each(["a b", 'a"', "a\\", "a\n", "", "é"])("A23 refuses the scope %j", (scope) => {
    expect(() => buildLoginUri(client, { codeChallenge, scope: [scope] })).toThrow(
      expect.objectContaining({ option: "scope" }),
    );
  });

  it("A11 refuses a state that readState would not return", () => {
    expect(() => buildLoginUri(client, { codeChallenge, state: "a.b" })).toThrow(
      expect.objectContaining({ option: "state" }),
    );
  });
});

describe("what a login costs", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** Counts what is made of a class. */
  function count<Made extends object>(name: string, Class: new (...given: never[]) => Made): () => number {
    let made = 0;
    const construct = (target: typeof Class, given: never[], asked: () => void) => {
      made++;
      return Reflect.construct(target, given, asked) as Made;
    };
    vi.stubGlobal(name, new Proxy(Class, { construct }));
    return () => made;
  }

  it("is two draws of random bytes, no digest of a thread, and one URL, of which a client's part was written before", async () => {
    const draw = vi.spyOn(crypto, "getRandomValues");
    const digest = vi.spyOn(crypto.subtle, "digest");
    const logIn = async (app: Client) => {
      const { challenge } = await generateCodes();
      return buildLoginUri(app, { state: generateState(), codeChallenge: challenge, scope: ["a", "b"] });
    };
    const another = clientAt("https://as.example/other", "https://app.example/cb", "other");
    const firsts = [await logIn(client), await logIn(another)];
    draw.mockClear();
    const urls = count("URL", URL);
    const written = vi.spyOn(URLSearchParams.prototype, "append");
    const seconds = [await logIn(client), await logIn(another)];
    expect([draw.mock.calls.length, digest.mock.calls.length, urls()]).toEqual([4, 0, 2]);
    expect(written.mock.calls.map(([name]) => name)).toEqual(["state", "scope", "state", "scope"]);
    for (const [at, second] of seconds.entries()) {
      const [was, is] = [firsts[at], second].map((url) => Object.fromEntries(url?.searchParams ?? []));
      expect(is).toEqual({ ...was, state: is?.state, code_challenge: is?.code_challenge });
      expect([is?.state, is?.code_challenge]).not.toEqual([was?.state, was?.code_challenge]);
    }
    expect(seconds.map((url) => url.pathname)).toEqual(["/authorize", "/other"]);
  });
});
