import { type CryptoKey, jwtVerify } from "jose";
import { Provider } from "oidc-provider";
import { serveOnLoopback } from "../interop/loopback.ts";

export const origin = "https://appleid.apple.com";
export const registered = { teamId: "TEAM012345", keyId: "KEY6789012", clientId: "com.example.web" } as const;

/** A request to Apple's own endpoints, and what it answered. */
export interface AskedApple {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly status: number;
}

export interface AppleServer {
  readonly asked: AskedApple[];
  /** Answers for `https://appleid.apple.com`, to browsers and to the app. */
  answer(request: Request): Promise<Response>;
  /** What somebody does who takes the app out of their Apple Account. */
  withdraw(): void;
  isAway: boolean;
  close(): Promise<void>;
}

/** What oidc-provider knows of the app in the place of the secret that is signed anew. */
const standing = "a secret that only the two servers here know";

/**
 * Sign in with Apple as it is documented: npm `oidc-provider` judges codes, PKCE, nonces and refresh tokens and signs ID tokens,
 * behind a front that does what is Apple's own: it verifies the client secret by the team's public key, adds the field `user` to a
 * person's first form, and has its own word for a login that was cancelled. No live Apple was asked.
 */
export async function startApple(publicKey: CryptoKey, redirectUri: string, now: () => number): Promise<AppleServer> {
  const asked: AskedApple[] = [];
  const seen = new Set<string>();
  let isWithdrawn = false;
  const server = await serveOnLoopback(() => {
    const provider = new Provider(origin, {
      clients: [
        {
          ...{ client_id: registered.clientId, client_secret: standing, redirect_uris: [redirectUri] },
          ...{ token_endpoint_auth_method: "client_secret_post", response_types: ["code"] },
          grant_types: ["authorization_code", "refresh_token"],
        },
      ],
      routes: {
        authorization: "/auth/authorize",
        token: "/auth/token",
        jwks: "/auth/keys",
        revocation: "/auth/revoke",
      },
      clientAuthMethods: ["client_secret_post"],
      pkce: { required: () => true },
      rotateRefreshToken: false,
      issueRefreshToken: async () => true,
      scopes: ["openid", "name", "email"],
      claims: { openid: ["sub"], email: ["email", "email_verified", "is_private_email"] },
      conformIdTokenClaims: false,
      findAccount: async (_context, id) => ({
        accountId: id,
        claims: async () => ({
          ...{ sub: id, email: `${id}@privaterelay.appleid.com` },
          // As texts, which is how Apple writes them now and then.
          ...({ email_verified: "true", is_private_email: "true" } as object),
        }),
      }),
      // Longer than a test's clock goes ahead of this server's.
      ttl: { AccessToken: 3600, Grant: 9e6, IdToken: 9e6, Interaction: 600, RefreshToken: 9e6, Session: 600 },
      cookies: { keys: ["a key for a test"] },
      features: { devInteractions: { enabled: true }, revocation: { enabled: true }, userinfo: { enabled: false } },
    });
    provider.proxy = true;
    provider.on("server_error", (_context, error) => console.error(error));
    return provider.callback();
  });

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const form = new URLSearchParams(request.method === "POST" ? await request.text() : "");
    const isOfClient = /^\/auth\/(token|revoke)$/.test(pathname);
    const inner = new URLSearchParams(form);
    if (isOfClient) inner.set("client_secret", (await isSigned(form)) ? standing : "none");
    if (isWithdrawn && form.has("refresh_token")) inner.set("refresh_token", "of nobody");
    const headers = new Headers(request.headers);
    for (const name of ["host", "connection", "content-length"]) headers.delete(name);
    headers.set("x-forwarded-proto", "https");
    headers.set("x-forwarded-host", new URL(origin).host);
    const body = request.method === "POST" ? String(inner) : null;
    const response = await fetch(server.url + pathname + search, {
      ...{ method: request.method, headers, body, redirect: "manual" },
    });
    if (isOfClient || pathname === "/auth/keys") asked.push({ path: pathname, form, status: response.status });
    const text = await response.text();
    const page = text.includes(`action="${redirectUri}"`) ? asApple(text) : text;
    const answered = new Headers(response.headers);
    for (const name of ["content-length", "content-encoding", "transfer-encoding"]) answered.delete(name);
    return new Response([204, 303, 302].includes(response.status) ? null : page, {
      ...{ status: response.status, headers: answered },
    });
  }

  async function isSigned(form: URLSearchParams): Promise<boolean> {
    try {
      const { payload, protectedHeader } = await jwtVerify(form.get("client_secret") ?? "", publicKey, {
        ...{ algorithms: ["ES256"], issuer: registered.teamId, subject: registered.clientId, audience: origin },
        ...{ currentDate: new Date(now()), requiredClaims: ["iat", "exp"] },
      });
      const life = Number(payload.exp) - Number(payload.iat);
      return protectedHeader.kid === registered.keyId && life <= 15_777_000;
    } catch {
      return false;
    }
  }

  /** The form that leads back to the app. */
  function asApple(page: string): string {
    const cancelled = page.replace('value="access_denied"', 'value="user_cancelled_authorize"');
    if (cancelled !== page || seen.has(redirectUri)) return cancelled;
    seen.add(redirectUri);
    const user = JSON.stringify({ name: { firstName: "Ada", lastName: "Lovelace" }, email: "ada@example.com" });
    return page.replace(
      "</form>",
      `<input type="hidden" name="user" value="${user.replaceAll('"', "&quot;")}"/></form>`,
    );
  }

  const self: AppleServer = {
    ...{ asked, isAway: false, close: server.close },
    async answer(request) {
      return self.isAway ? new Response(null, { status: 503 }) : answer(request);
    },
    withdraw() {
      isWithdrawn = true;
    },
  };
  return self;
}
