import { answersTokens, refuses } from "../dialects/answers.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates, type Method } from "../dialects/client.ts";
import type { Dialect } from "../dialects/dialect.ts";

/** What providers that keep to RFC 6749 have in common: a text for a dead refresh token, and a spelling of `bearer`. */
export function standard(
  methods: readonly Method[],
  {
    dead,
    type = "Bearer",
    status = 400,
  }: { readonly dead?: string; readonly type?: string; readonly status?: number } = {},
): readonly Dialect[] {
  return [
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant" && dead !== undefined
        ? { status, body: { error, error_description: dead } }
        : undefined,
    ),
    answersTokens((members) => ({ ...members, token_type: type })),
    authenticates(...methods),
    takesPkce(),
  ];
}
