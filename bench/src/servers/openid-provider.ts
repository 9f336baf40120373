import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { tokens } from "./contender.ts";

/** An OpenID provider that says yes to everything, for libraries that need an `id_token` before they make a session. */
export async function startOpenidProvider({ expiresIn = 3600, rotates = false } = {}): Promise<{
  readonly issuer: string;
  tokenRequests(): number;
  close(): void;
}> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" };
  const logins = new Map<string, { readonly nonce: string | null; readonly clientId: string; readonly name: string }>();
  let issuer = "";
  let refreshes = 0;
  let refreshToken: string = tokens.refreshToken;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    const json = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (url.pathname === "/.well-known/openid-configuration") {
      json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        scopes_supported: ["openid", "profile", "offline_access"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic"],
      });
    } else if (url.pathname === "/jwks") {
      json({ keys: [key] });
    } else if (url.pathname === "/authorize") {
      const query = url.searchParams;
      const code = crypto.randomUUID();
      logins.set(code, {
        nonce: query.get("nonce"),
        clientId: query.get("client_id") ?? "",
        name: query.get("login_hint") ?? "Ada Lovelace 00000",
      });
      const back = new URL(query.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", query.get("state") ?? "");
      response.writeHead(302, { location: back.href }).end();
    } else if (url.pathname === "/token") {
      let body = "";
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const isRefresh = form.get("grant_type") === "refresh_token";
      if (isRefresh) refreshes++;
      if (rotates && isRefresh && form.get("refresh_token") !== refreshToken) {
        response.statusCode = 400;
        json({ error: "invalid_grant" });
        return;
      }
      if (rotates) refreshToken = `AR${crypto.randomUUID()}`;
      const login = logins.get(form.get("code") ?? "");
      const token = { access_token: tokens.accessToken, refresh_token: refreshToken, token_type: "Bearer" };
      const claims = { name: login?.name, ...(login?.nonce ? { nonce: login.nonce } : {}) };
      const idToken = await new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", kid: "bench" })
        .setIssuer(issuer)
        .setSubject("ada")
        .setAudience(login?.clientId ?? "bench")
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey);
      json({
        ...token,
        id_token: idToken,
        expires_in: isRefresh ? 3600 : expiresIn,
        scope: "openid profile offline_access",
      });
    } else {
      response.writeHead(404).end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    tokenRequests: () => refreshes,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
