import { answersTokens, type Refusal, refuses } from "../dialects/answers.ts";
import { answersItself } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import type { Dialect, Words } from "../dialects/dialect.ts";
import { inForm } from "../dialects/forms.ts";
import { wantsHeader } from "../dialects/headers.ts";
import { revokes } from "../dialects/revocations.ts";
import type { Person } from "../state/people.ts";
import { days, described, type Family, never } from "./family.ts";

const help = "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/";
const noAgent: Words = {
  status: 403,
  body: "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
};

/** Errors have status 200, answers are forms unless JSON is asked for, and a revocation is a DELETE with JSON. */
const dialects: readonly Dialect[] = [
  wantsHeader("api", "user-agent", noAgent),
  inForm(({ headers }) => !/\bjson\b/.test(headers.get("accept") ?? "")),
  refuses(refusal),
  answersItself(({ record, headers }) =>
    record.kind === "revoke" && headers.get("authorization") === null
      ? { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com/rest" } }
      : undefined,
  ),
  revokes({
    method: "DELETE",
    basic: true,
    token: ({ json }) => (typeof json?.access_token === "string" ? json.access_token : null),
    done: { status: 204, body: null },
    gone: { status: 422, body: { message: "Validation Failed", documentation_url: "https://docs.github.com/rest" } },
    malformed: { status: 422, body: { message: "Validation Failed" } },
  }),
  authenticates("post", "basic"),
  takesPkce(),
];

const api: Pick<Family, "issuer" | "paths" | "kindOf" | "resources" | "describes" | "client"> = {
  issuer: "https://github.com/login/oauth",
  paths: { authorize: "/login/oauth/authorize", token: "/login/oauth/access_token", revoke: null },
  kindOf: (path) => (/^\/applications\/[^/]+\/token$/.test(path) ? "revoke" : undefined),
  resources: {
    "/user": {
      body: ({ number: id, name: login, displayName: name, picture: avatar_url }: Person) => ({
        ...{ login, id, avatar_url, type: "User", name, email: null },
      }),
    },
    "/user/emails": {
      scope: "user:email",
      body: ({ email }: Person) => [
        { email: "old@people.example", verified: false, primary: false, visibility: null },
        { email, verified: true, primary: true, visibility: "private" },
      ],
    },
  },
  describes: (person) => described(person, { id: String(person.number), emailVerified: true }),
  client: "basic",
};

/** An OAuth App: a token that lives until it is revoked, and none to refresh it. */
export const github: Family = {
  ...api,
  settings: { expiresIn: never },
  dialects: [
    ...dialects,
    answersTokens(({ access_token }, { scope }) => ({ access_token, scope: scope.join(","), token_type: "bearer" })),
  ],
  scope: ["read:user", "user:email"],
  clock: "none",
};

/** The tokens of a person at a GitHub App: eight hours, and an idle clock of half a year that the answer states. */
export const githubApp: Family = {
  ...api,
  settings: {
    ...{ rotation: "rotate", expiresIn: 28_800, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 184 * days,
  },
  dialects: [
    ...dialects,
    answersTokens(({ access_token, expires_in, refresh_token }, { idle }) => ({
      ...{ access_token, expires_in, refresh_token, refresh_token_expires_in: idle, token_type: "bearer", scope: "" },
    })),
  ],
  // The App's permissions decide, and scopes are ignored.
  resources: { ...api.resources, "/user/emails": { body: api.resources["/user/emails"]?.body ?? (() => []) } },
  scope: [],
  clock: "stated",
};

function refusal({ asked, error, description }: Refusal): Words | undefined {
  if (asked === "revoke") return undefined;
  const words = (code: string, text: string, anchor: string): Words => ({
    status: 200,
    body: { error: code, error_description: text, error_uri: `${help}#${anchor}` },
  });
  if (error === "invalid_client") {
    const text = "The client_id and/or client_secret passed are incorrect.";
    return words("incorrect_client_credentials", text, "incorrect-client-credentials");
  }
  if (description === "Invalid redirect URI") {
    const text = "The redirect_uri MUST match the registered callback URL for this application.";
    return words("redirect_uri_mismatch", text, "redirect-uri-mismatch2");
  }
  return asked === "refresh"
    ? words("bad_refresh_token", "The refresh token passed is incorrect or expired.", "bad-verification-code")
    : words("bad_verification_code", "The code passed is incorrect or expired.", "bad-verification-code");
}
