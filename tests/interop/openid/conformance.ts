/** A module of the conformance suite for relying parties, and the test that plays it. */
export interface ConformanceRow {
  readonly name: string;
  readonly by: "oauth2-mock-server" | "oidc-provider" | "ours";
  /** From the root of the repository. */
  readonly file: string;
  /** As it stands in the file. */
  readonly title: string;
}

const here = "tests/interop/openid";
const wrongTokens = "packages/openid/src/id-token.test.ts";
const logoutTokens = "packages/openid/src/back-channel-logout.test.ts";

/** The test has the name of the module. */
const mock = (...names: string[]): ConformanceRow[] =>
  names.map((name) => ({ name, by: "oauth2-mock-server", file: `${here}/conformance.test.ts`, title: name }));
const oidcProvider = (name: string, title: string): ConformanceRow => ({
  ...{ name, by: "oidc-provider", file: `${here}/openid.test.ts`, title },
});
const ours = (name: string, file: string, title: string): ConformanceRow => ({ name, by: "ours", file, title });

const backChannel = "oidcc-client-test-rp-backchannel-rpinitlogout";

/**
 * The modules for the code flow, in the order of the suite's plans (basic, config, form post, refresh token, RP-initiated
 * logout, back-channel logout), and then those that are in no plan for a certificate.
 *
 * @see {@link https://gitlab.com/openid/conformance-suite}, commit 12f2a4d
 */
export const conformance: readonly ConformanceRow[] = [
  ...mock(
    "oidcc-client-test",
    "oidcc-client-test-invalid-iss",
    "oidcc-client-test-missing-sub",
    "oidcc-client-test-invalid-aud",
    "oidcc-client-test-missing-iat",
    "oidcc-client-test-kid-absent-single-jwks",
    "oidcc-client-test-kid-absent-multiple-jwks",
    "oidcc-client-test-idtoken-sig-rs256",
    "oidcc-client-test-idtoken-sig-none",
    "oidcc-client-test-invalid-sig-rs256",
    "oidcc-client-test-userinfo-invalid-sub",
    "oidcc-client-test-nonce-invalid",
  ),
  oidcProvider("oidcc-client-test-scope-userinfo-claims", "the endpoint says what the ID token does not"),
  ...mock(
    "oidcc-client-test-client-secret-basic",
    "oidcc-client-test-discovery-openid-config",
    "oidcc-client-test-discovery-jwks-uri-keys",
    "oidcc-client-test-discovery-issuer-mismatch",
    "oidcc-client-test-signing-key-rotation-just-before-signing",
    "oidcc-client-test-signing-key-rotation",
  ),
  oidcProvider("oidcc-client-test-form-post-error", "an error comes the same way, and is shown"),
  ...mock(
    "oidcc-client-test-refresh-token",
    "oidcc-client-test-refresh-token-invalid-issuer",
    "oidcc-client-test-refresh-token-invalid-sub",
    "oidcc-client-test-rp-init-logout",
    "oidcc-client-test-rp-init-logout-other-state",
    "oidcc-client-test-rp-init-logout-no-state",
  ),
  oidcProvider(backChannel, "an end at the provider ends the sessions of that login at the app, and no others"),
  ours(`${backChannel}-alg-none`, logoutTokens, "one that is not signed"),
  ours(`${backChannel}-no-event`, logoutTokens, "one without an event"),
  ours(`${backChannel}-with-nonce`, logoutTokens, "one with a nonce"),
  ours(`${backChannel}-wrong-alg`, logoutTokens, "one by another algorithm"),
  ours(`${backChannel}-wrong-aud`, logoutTokens, "another client's"),
  ours(`${backChannel}-wrong-event`, logoutTokens, "another event"),
  ours(`${backChannel}-wrong-iss`, logoutTokens, "another issuer's"),
  ...mock(
    "oidcc-client-test-missing-aud",
    "oidcc-client-test-invalid-athash",
    "oidcc-client-test-invalid-sig-es256",
    "oidcc-client-test-userinfo-bearer-header",
  ),
  ours("oidcc-client-test-invalid-sig-hs256", wrongTokens, "HS256 with the public key"),
];

/** The other modules for relying parties, and why they are not for us. */
export const notHere: Readonly<Record<string, string>> = {
  "oidcc-client-test-3rd-party-init-login": "a login begins at the app alone",
  "oidcc-client-test-aggregated-claims": "claims of other issuers are left as they are",
  "oidcc-client-test-discovery-webfinger-acct": "the app names the issuer",
  "oidcc-client-test-discovery-webfinger-url": "the app names the issuer",
  "oidcc-client-test-distributed-claims": "claims of other issuers are left as they are",
  "oidcc-client-test-dynamic-registration": "the app is registered by its developer",
  "oidcc-client-test-invalid-chash": "hybrid flow",
  "oidcc-client-test-missing-athash": "implicit and hybrid flow; the code flow may leave `at_hash` out",
  "oidcc-client-test-missing-chash": "hybrid flow",
  "oidcc-client-test-mtls-endpoint-aliases": "mutual TLS is for the app's own `fetch`",
  "oidcc-client-test-nonce-unless-code-flow": "implicit and hybrid flow",
  "oidcc-client-test-request-uri-signed-none": "JAR",
  "oidcc-client-test-request-uri-signed-rs256": "JAR",
  "oidcc-client-test-rp-frontchannel-opinitlogout": "front-channel logout",
  "oidcc-client-test-rp-frontchannel-rpinitlogout": "front-channel logout",
  "oidcc-client-test-session-management": "an iframe that asks for third-party cookies",
  "oidcc-client-test-userinfo-bearer-body": "a token is sent in the header",
  "oidcc-client-test-userinfo-signed": "the answer comes over TLS as JSON",
};
