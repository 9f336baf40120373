import type { FigmaScope } from "./figma.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Figma",
  register: "<https://www.figma.com/developers/apps>, **Create a new app**.",
  redirects: "https.",
  client: "basic",
  refreshToken: "Every login gives one, which stays.",
  odd: ["Refreshes have an endpoint of their own."],
  unverified: [
    "Whether PKCE is looked at: it is sent.",
    "How a dead refresh token is refused: a login is offered, and the token is kept.",
    "How long an access token lives.",
    "Redirect URIs.",
  ],
  sources: [
    {
      url: "https://github.com/figma/rest-api-spec/blob/af94bebd8a00bdf5cd24a4a4dc65d9e7ee95e6ec/openapi/openapi.yaml",
      read: "2026-11-28",
      copyOf: "2026-03-30",
    },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
    { url: "https://github.com/NangoHQ/nango/tree/2f4c0af", read: "2026-11-25" },
  ],
  scope: ["current_user:read"] satisfies FigmaScope[],
};
