/** A file that security hangs on, with the tests that must notice a change: its own first, then those around it. */
export interface Target {
  readonly file: string;
  readonly tests: readonly string[];
  readonly wider: readonly string[];
}

const flow = [
  "tests/server/login.test.ts",
  "tests/server/callback.test.ts",
  "tests/server/logout.test.ts",
  "tests/server/guard.test.ts",
];
const refreshing = [
  "tests/server/refresh.test.ts",
  "tests/server/refresh-outage.test.ts",
  "tests/server/refresh-logout.test.ts",
];

function core(name: string, ...wider: string[]): Target {
  return { file: `packages/core/src/${name}.ts`, tests: [`packages/core/src/${name}.test.ts`], wider };
}

function server(name: string, own: readonly string[], ...wider: string[]): Target {
  return { file: `packages/server/src/${name}.ts`, tests: own, wider: [...wider, "tests/security/login.test.ts"] };
}

const beside = (name: string): string => `packages/server/src/${name}.test.ts`;

export const targets: readonly Target[] = [
  core("pkce"),
  core("callback", "tests/server/callback.test.ts"),
  core("token-response", "packages/core/src/oauth-client.test.ts", "tests/server/refresh-outage.test.ts"),
  core("login-uri", "tests/server/login.test.ts"),
  core("authenticated-fetch", "packages/core/src/authenticator.test.ts", "tests/server/refresh.test.ts"),
  server("return-to", [beside("return-to")], ...flow),
  server("request-kind", [beside("request-kind")], ...flow),
  server("seal", [beside("seal")], ...flow),
  server("secrets", [beside("secrets")], beside("seal"), ...flow),
  server("chunked-cookie", [beside("chunked-cookie")], beside("issue-session"), ...flow),
  server("cookies", [beside("cookies")], beside("chunked-cookie"), ...flow),
  server("callback", ["tests/server/callback.test.ts"], ...flow, "tests/server/canary.test.ts"),
  server("logout", ["tests/server/logout.test.ts"], ...flow, ...refreshing),
  server("guard", ["tests/server/guard.test.ts"], ...flow, ...refreshing),
  server("refresh", [beside("refresh.model"), ...refreshing]),
];
