import { type Cited, dead, page, read, refresh } from "./cited.ts";

export const zoom: Cited = {
  login: {
    source: page("https://developers.zoom.us/docs/integrations/oauth/"),
    path: "/oauth/authorize",
    query: { client_id: "app" },
  },
  exchanges: [
    {
      what: "a dead refresh token",
      // Written down by somebody who had it in production on 2026-10-04; others report `invalid_request` for it.
      source: read("https://devforum.zoom.us/t/77706", "2026-11-27"),
      request: { path: "/oauth/token", basic: true, form: refresh(dead) },
      answer: { status: 400, body: { reason: "Invalid Token!", error: "invalid_grant" } },
    },
  ],
};
