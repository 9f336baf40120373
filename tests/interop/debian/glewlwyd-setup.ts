import { generateKeyPairSync } from "node:crypto";

/** The file that Debian installs, with what has to differ. */
export function configuration(port: string, database: string, url: string): string {
  const modules = "/usr/lib/glewlwyd";
  return `port=${port}
bind_address="127.0.0.1"
external_url="${url}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="INFO"
session_expiration=86400
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${modules}/user"
client_module_path="${modules}/client"
user_auth_scheme_module_path="${modules}/scheme"
plugin_module_path="${modules}/plugin"
static_files_path="/usr/share/glewlwyd/webapp/"
static_files_mime_types=({ extension=".html" mime_type="text/html" })
hash_algorithm="SHA512"
login_api_enabled=true
database={ type="sqlite3" path="${database}" };
`;
}

/** The OpenID Connect plugin, with PKCE, refresh tokens for one use, and revocation. */
export function plugin(issuer: string): object {
  const pem = { type: "spki", format: "pem" } as const;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: pem,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const parameters = {
    ...{ iss: issuer, "jwt-type": "rsa", "jwt-key-size": "256", key: privateKey, cert: publicKey },
    ...{ "access-token-duration": 3600, "refresh-token-duration": 86_400, "code-duration": 600 },
    ...{ "refresh-token-rolling": true, "refresh-token-one-use": "always", "allow-non-oidc": true },
    ...{ "auth-type-code-enabled": true, "auth-type-refresh-enabled": true, "auth-type-client-enabled": true },
    ...{ "introspection-revocation-allowed": true, "introspection-revocation-allow-target-client": true },
    ...{ "pkce-allowed": true, "pkce-required": true, "subject-type": "public" },
  };
  return { module: "oidc", name: "oidc", display_name: "OpenID Connect", parameters };
}
