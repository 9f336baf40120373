import { answersTokens } from "../dialects/answers.ts";
import { answersItself } from "../dialects/api.ts";
import { takesJson } from "../dialects/body.ts";
import { claimsOf, days, described, type Family } from "./family.ts";
import { standard } from "./standard.ts";

/** Ten minutes of grace, after which a replayed token ends everything; two clocks; and a dead token gets 403. */
export const atlassian: Family = {
  issuer: "https://auth.atlassian.com",
  paths: { authorize: "/authorize", token: "/oauth/token", revoke: null },
  settings: {
    ...{ rotation: "strict", refreshTokenGrace: 600, expiresIn: 3600 },
    ...{ refreshTokenLifetime: 365 * days, refreshTokenIdleLifetime: 90 * days },
  },
  resources: {
    "/me": {
      scope: "read:me",
      body(person) {
        const { sub: account_id, ...rest } = claimsOf(person);
        return { account_type: "atlassian", account_id, ...rest, account_status: "active" };
      },
    },
  },
  dialects: [
    answersItself(({ record, query }) =>
      record.kind === "authorize" && query.get("audience") !== "api.atlassian.com"
        ? { status: 400, body: "The audience is missing or unknown." }
        : undefined,
    ),
    takesJson(),
    // Without the scope there is no token to refresh with.
    answersTokens((members, { grant }) =>
      grant.scope.includes("offline_access") ? members : { ...members, refresh_token: undefined },
    ),
    ...standard(["post"], { dead: "Unknown or invalid refresh token.", status: 403 }),
  ],
  scope: ["read:me", "offline_access"],
  client: "post",
  clock: "documented",
  grace: "documented",
  describes: (person) => described(person, { emailVerified: true }),
};
