import { type Cited, code, dead, read, refresh, unverified } from "./cited.ts";

const agent = { "user-agent": "web:engines:1.0 (by /u/ada)" };
const tokens = {
  ...{ access_token: "<text>", token_type: "bearer", expires_in: 3600, scope: "identity", refresh_token: "<text>" },
};

export const reddit: Cited = {
  login: {
    source: read("https://github.com/reddit-archive/reddit/wiki/OAuth2", "2026-11-25"),
    path: "/api/v1/authorize",
    query: { client_id: "app", scope: "identity", duration: "permanent" },
  },
  exchanges: [
    {
      what: "tokens for a code",
      source: read("https://github.com/reddit-archive/reddit/wiki/OAuth2", "2026-11-25"),
      request: { path: "/api/v1/access_token", basic: true, headers: agent, form: code() },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a program without a name of its own",
      source: read("https://github.com/simstudioai/sim/issues/1822", "2026-11-25"),
      request: { path: "/api/v1/access_token", basic: true, form: code() },
      answer: { status: 403, type: "text/html", body: "<text>" },
    },
    {
      what: "a refresh",
      source: read("https://github.com/reddit-archive/reddit/wiki/OAuth2", "2026-11-25"),
      request: { path: "/api/v1/access_token", basic: true, headers: agent, form: refresh() },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a dead refresh token",
      source: unverified(
        "Libraries report 400 Bad Request (praw-dev/praw#677); the body with a number is from memory.",
      ),
      request: { path: "/api/v1/access_token", basic: true, headers: agent, form: refresh(dead) },
      answer: { status: 400, body: { message: "Bad Request", error: 400 } },
    },
  ],
};
