import { answersTokens, refuses } from "../dialects/answers.ts";
import { answersItself } from "../dialects/api.ts";
import { takesJson } from "../dialects/body.ts";
import { ignoresPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { wantsHeader } from "../dialects/headers.ts";
import { revokes } from "../dialects/revocations.ts";
import type { Person } from "../state/people.ts";
import { described, type Family, never } from "./family.ts";

const owner = ({ id, displayName: name, picture: avatar_url, email }: Person) => ({
  type: "user",
  user: { object: "user", id, name, avatar_url, type: "person", person: { email } },
});

/** JSON with Basic, no `expires_in`, no scopes, a version in every API request and revocation, and a revocation as JSON. */
export const notion: Family = {
  issuer: "https://api.notion.com",
  paths: { authorize: "/v1/oauth/authorize", token: "/v1/oauth/token", revoke: "/v1/oauth/revoke" },
  settings: { rotation: "rotate", expiresIn: 3600, refreshTokenLifetime: never },
  resources: {
    "/v1/users/me": {
      body: (person) => ({
        ...{ object: "user", id: "bot-1", name: "An engine", avatar_url: null, type: "bot" },
        bot: { owner: owner(person), workspace_name: "Engines" },
      }),
    },
  },
  dialects: [
    answersItself(({ record, query }) =>
      record.kind === "authorize" && query.get("owner") !== "user"
        ? { status: 400, body: "Missing or incomplete owner parameter." }
        : undefined,
    ),
    wantsHeader(["api", "revoke"], "notion-version", {
      status: 400,
      body: {
        ...{ object: "error", status: 400, code: "missing_version" },
        message: "Notion-Version header failed validation: Notion-Version header should be defined.",
      },
    }),
    revokes({
      basic: true,
      token: ({ json }) => (typeof json?.token === "string" ? json.token : null),
      done: { status: 200, body: { request_id: "63c6a3f0-0000-0000-0000-000000000000" } },
      gone: { status: 200, body: { request_id: "63c6a3f0-0000-0000-0000-000000000000" } },
      malformed: {
        status: 400,
        body: { object: "error", status: 400, code: "validation_error", message: "body.token should be defined." },
      },
    }),
    takesJson(),
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant"
        ? { status: 400, body: { error, error_description: "Token has been expired or revoked." } }
        : undefined,
    ),
    answersTokens(({ access_token, refresh_token }, { person }) => ({
      ...{ access_token, token_type: "bearer", refresh_token, bot_id: "bot-1" },
      ...{ workspace_id: "workspace-1", workspace_name: "Engines", workspace_icon: null },
      ...{ owner: owner(person), duplicated_template_id: null },
    })),
    authenticates("basic"),
    ignoresPkce(),
  ],
  scope: [],
  client: "basic",
  clock: "none",
  kept: ["bot_id", "workspace_id", "workspace_name"],
  describes: (person) => described(person),
};
