/** better-auth with its OAuth provider, tables in memory: better-auth.mjs PORT URL REGISTRATION */
import { createServer } from "node:http";
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";

const [port, url, registration] = process.argv.slice(2);
const { redirectUri, afterLogout, backChannelLogout, publicKey, resource } = JSON.parse(registration);

// It logs out at public addresses only: this one is the app.
const publicAddress = "https://app.example";
const fetchNow = globalThis.fetch;
globalThis.fetch = (input, init) =>
  fetchNow(String(input).replace(publicAddress, new URL(backChannelLogout).origin), init);

const options = {
  baseURL: url,
  secret: "a secret of the server that is long enough",
  emailAndPassword: { enabled: true },
  disabledPaths: ["/token"],
  trustedOrigins: [url],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    jwt({ jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" } } }),
    oauthProvider({ loginPage: "/sign-in", consentPage: "/consent", resources: [resource] }),
  ],
};
const tables = Object.values(getAuthTables(options)).map(({ modelName }) => [modelName, []]);
const auth = betterAuth({ ...options, database: memoryAdapter(Object.fromEntries(tables)) });

const { headers } = await auth.api.signUpEmail({
  body: { name: "Ada", email: "ada@tenant.example", password: "a password" },
  returnHeaders: true,
});
const cookie = headers
  .getSetCookie()
  .map((line) => line.split(";")[0])
  .join("; ");
const client = {
  ...{ application_type: "native", redirect_uris: [redirectUri] },
  ...(afterLogout === undefined ? {} : { post_logout_redirect_uris: [afterLogout] }),
  ...{ enable_end_session: true, backchannel_logout_session_required: true },
  backchannel_logout_uri: publicAddress + new URL(backChannelLogout).pathname,
};
async function create(body) {
  const made = await auth.api.adminCreateOAuthClient({
    headers: new Headers({ cookie }),
    body: { ...client, ...body },
  });
  const params = { identifier: resource, client_id: made.client_id };
  await auth.api.adminLinkClientResource({ headers: new Headers({ cookie }), params });
  return made;
}
const basic = await create({ skip_consent: true, token_endpoint_auth_method: "client_secret_basic" });
const asking = await create({ token_endpoint_auth_method: "client_secret_basic" });
const keys = publicKey === undefined ? [] : [publicKey];
const signing =
  keys.length === 0
    ? {}
    : await create({ skip_consent: true, token_endpoint_auth_method: "private_key_jwt", jwks: { keys } });
const clients = {
  ...{ clientId: basic.client_id, secret: basic.client_secret, signingClientId: signing.client_id },
  ...{ askingClientId: asking.client_id, askingSecret: asking.client_secret },
};

createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1", () => {
  console.log(`listening ${JSON.stringify(clients)}`);
});
