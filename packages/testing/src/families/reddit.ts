import { answersTokens, refuses } from "../dialects/answers.ts";
import { ignoresPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import type { Words } from "../dialects/dialect.ts";
import { wantsHeader } from "../dialects/headers.ts";
import { offline } from "../dialects/offline.ts";
import { described, type Family, never } from "./family.ts";

const blocked: Words = {
  status: 403,
  type: "text/html",
  body: "<!doctype html><html><body><p>You've been blocked by network security.</p></body></html>",
};

/** Programs without a name of their own get a page that says that they are blocked, also at the token endpoint. */
export const reddit: Family = {
  issuer: "https://www.reddit.com",
  paths: { authorize: "/api/v1/authorize", token: "/api/v1/access_token", revoke: "/api/v1/revoke_token" },
  settings: { rotation: "omit", expiresIn: 3600, refreshTokenLifetime: never },
  resources: {
    "/api/v1/me": {
      scope: "identity",
      body: ({ id, displayName: name, picture }) => ({ id, name, icon_img: `${picture}?width=256&s=1` }),
    },
  },
  dialects: [
    wantsHeader(
      ["token", "revoke", "api"],
      "user-agent",
      blocked,
      (value) => value !== "" && !/^(node|undici|python|curl|axios|go-http)/i.test(value),
    ),
    refuses(({ asked, error }) => {
      if (error === "invalid_client") return { status: 401, body: { message: "Unauthorized", error: 401 } };
      if (error !== "invalid_grant") return undefined;
      if (asked === "code") return { status: 200, body: { error: "invalid_grant" } };
      return { status: 400, body: { message: "Bad Request", error: 400 } };
    }),
    offline("duration", "permanent"),
    answersTokens((members, { grant }) => ({
      ...members,
      token_type: "bearer",
      refresh_token: members.refresh_token ?? grant.refreshToken ?? undefined,
    })),
    authenticates("basic"),
    ignoresPkce(),
  ],
  scope: ["identity"],
  client: "basic",
  clock: "none",
  describes: (person) => described(person, { email: null }),
  outages: { "403 with a page of the firewall": { kind: "html", status: 403 } },
};
