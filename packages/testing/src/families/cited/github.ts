import { type Cited, code, dead, page, posted, read, refresh } from "./cited.ts";

const errors = page(
  "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors",
);
// Of its answers, the page has the statuses.
const oauthApplications = read("https://docs.github.com/en/rest/apps/oauth-applications", "2026-11-27");
const json = { accept: "application/json" };
const help =
  "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code";

export const github: Cited = {
  login: {
    source: page("https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"),
    path: "/login/oauth/authorize",
    query: { client_id: "app", scope: "repo gist" },
  },
  exchanges: [
    {
      what: "a token for a code, as JSON",
      source: page("https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps"),
      request: { path: "/login/oauth/access_token", headers: json, form: code(posted) },
      answer: { status: 200, body: { access_token: "<text>", scope: "repo,gist", token_type: "bearer" } },
    },
    {
      what: "a code that is none, with status 200",
      source: errors,
      request: { path: "/login/oauth/access_token", headers: json, form: code({ ...posted, code: "none" }) },
      answer: {
        status: 200,
        body: {
          error: "bad_verification_code",
          error_description: "The code passed is incorrect or expired.",
          error_uri: help,
        },
      },
    },
    {
      what: "the same as a form, where nobody asked for JSON",
      source: errors,
      request: { path: "/login/oauth/access_token", form: code({ ...posted, code: "none" }) },
      answer: {
        ...{ status: 200, type: "application/x-www-form-urlencoded" },
        body: {
          error: "bad_verification_code",
          error_description: "The code passed is incorrect or expired.",
          error_uri: help,
        },
      },
    },
    {
      what: "a person, without a User-Agent",
      source: page("https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api"),
      request: { method: "GET", path: "/user", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        ...{ status: 403, type: "text/plain" },
        body: "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
      },
    },
    {
      what: "the end of a token",
      source: oauthApplications,
      request: {
        ...{ method: "DELETE", path: "/applications/app/token", basic: true },
        json: { access_token: "{access_token}" },
      },
      answer: { status: 204, type: "", body: "" },
    },
    {
      what: "the end of what is gone",
      source: oauthApplications,
      request: {
        ...{ method: "DELETE", path: "/applications/app/token", basic: true },
        json: { access_token: "none" },
      },
      answer: { status: 422, body: { message: "<text>", documentation_url: "<text>" } },
    },
  ],
};

export const githubApp: Cited = {
  login: { ...github.login, query: { client_id: "app" } },
  exchanges: [
    {
      what: "a refresh, with the seconds of the next refresh token",
      source: page(
        "https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens",
      ),
      request: { path: "/login/oauth/access_token", headers: json, form: refresh(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", expires_in: 28_800, refresh_token: "<text>" },
          ...{ refresh_token_expires_in: 15_897_600, token_type: "bearer", scope: "" },
        },
      },
    },
    {
      what: "a dead refresh token, with status 200",
      source: read("https://github.com/interlink-hq/interLink/pull/262", "2026-11-27"),
      request: { path: "/login/oauth/access_token", headers: json, form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 200,
        body: {
          error: "bad_refresh_token",
          error_description: "The refresh token passed is incorrect or expired.",
          error_uri: help,
        },
      },
    },
  ],
};
