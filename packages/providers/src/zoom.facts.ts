import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Zoom",
  register: "<https://marketplace.zoom.us>, **Develop**, **Build App**, **General App**.",
  redirects: "https; PKCE clients also `http://127.0.0.1:PORT`, whose port is ignored.",
  client: "basic",
  refreshToken: "Every login gives one.",
  odd: ["A public client has a client id of its own.", "A refresh that was done twice is refused as *Invalid Token!*."],
  unverified: [
    "How long a refresh token lives: sources say 90 days and 15 years.",
    "Whether scopes are sent with spaces; the app’s configuration decides.",
  ],
  sources: [
    { url: "https://developers.zoom.us/docs/integrations/oauth/", read: "2026-11-25", by: "title" },
    { url: "https://devforum.zoom.us/t/77706", read: "2026-11-25" },
  ],
  scope: [],
};
