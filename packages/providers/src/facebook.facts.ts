import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Facebook",
  register: "<https://developers.facebook.com/apps>, **Facebook Login**, **Settings**.",
  redirects: "https, exactly as registered; http for localhost while the app is in development.",
  client: "post",
  refreshToken: "There is none: the person logs in again.",
  odd: ["`error` of a refusal is an object.", "The endpoints carry a version."],
  unverified: [
    "The revocation.",
    "How long an access token lives.",
    "That Meta ends a version after some two years.",
    "Redirect URIs for localhost.",
  ],
  sources: [
    { url: "https://developers.facebook.com/docs/graph-api/guides/error-handling", read: "2026-11-25", by: "title" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
    { url: "https://github.com/NangoHQ/nango/tree/2f4c0af", read: "2026-11-25" },
  ],
  scope: ["public_profile", "email"],
};
