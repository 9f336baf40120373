import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Salesforce",
  register: "**Setup**, **External Client App Manager**, **New External Client App**.",
  redirects: "https; http for localhost.",
  client: "basic",
  refreshToken: "Add the scope `refresh_token`.",
  odd: [
    "Each org has an API of its own, `instance_url` of the answer: `fetch` goes there, if it is https at a host of `salesforce.com`, and `login.kept` has it.",
    "No answer says how long an access token lives; the preset takes two hours, the org decides.",
    "Rotation is a switch of the org; then a refresh token that is shown twice ends the login.",
    "`salesforceAt(url)` is for a sandbox or a My Domain.",
  ],
  unverified: [
    "The access token’s two hours.",
    "That only five grants per person and app live.",
    "Redirect URIs for localhost.",
  ],
  sources: [
    {
      url: "https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm",
      read: "2026-11-25",
      by: "title",
    },
    { url: "https://github.com/forcedotcom/sfdx-core/issues/1340", read: "2026-11-25" },
    { url: "https://github.com/appsmithorg/appsmith/issues/30239", read: "2026-11-25" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/NangoHQ/nango/tree/2f4c0af", read: "2026-11-25" },
  ],
  scope: ["openid", "refresh_token"],
};
