import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { UserAgent } from "@pixy/testing";
import type { Program } from "../front-door.ts";

const install = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";

/** Glewlwyd with the tables that Debian makes, in a file that is known once it runs. */
export function glewlwydProgram(): { readonly program: Program; tables(): string } {
  let database = "";
  const program: Program = {
    name: "glewlwyd",
    command(port, folder, url) {
      database = join(folder, "db");
      const db = new DatabaseSync(database);
      db.exec(readFileSync(install, "utf8"));
      // Its plugin reads `post_logout_redirect_uris`, for which Debian's tables have no place.
      db.exec(`UPDATE g_client_module_instance SET gcmi_parameters = replace(gcmi_parameters,
        '"post_logout_redirect_uri":{"multiple":false', '"post_logout_redirect_uris":{"multiple":true')`);
      db.close();
      writeFileSync(join(folder, "conf"), configuration(port, database, url));
      return ["glewlwyd", "--config-file=conf"];
    },
    ready: /Glewlwyd started/,
  };
  return { program, tables: () => database };
}

/** Its API, which its own pages use, too. */
export function glewlwydApi(url: string): {
  api(browser: UserAgent, method: string, path: string, value?: object): Promise<string>;
  logInAs(browser: UserAgent, username: string): Promise<string>;
} {
  const api = async (browser: UserAgent, method: string, path: string, value?: object): Promise<string> => {
    const headers = { "content-type": "application/json" };
    const body = value === undefined ? {} : { body: JSON.stringify(value) };
    const page = await browser.call(`${url}/api/${path}`, { method, headers, ...body });
    if (page.status !== 200) throw new Error(`${method} ${path} was answered with ${page.status}: ${page.body}`);
    return page.body;
  };
  return { api, logInAs: (browser, username) => api(browser, "POST", "auth", { username, password: "password" }) };
}

/** The file that Debian installs, with what has to differ. */
function configuration(port: string, database: string, url: string): string {
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
export function plugin(issuer: string, more: object = {}): object {
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
    ...more,
  };
  return { module: "oidc", name: "oidc", display_name: "OpenID Connect", parameters };
}
