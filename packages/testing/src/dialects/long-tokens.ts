import { answersTokens } from "./answers.ts";
import { type Dialect, hearing, put, withForm } from "./dialect.ts";

/** Tokens of so many characters: what is beyond the strict server's own is padding. */
export function longTokens(length: number): Dialect {
  const longer = (token: unknown): unknown =>
    typeof token === "string" ? `${token}.`.padEnd(length, "0123456789abcdef") : token;
  const shorter = (token: string): string => token.replace(/\..*$/, "");
  const answering = answersTokens(({ access_token, refresh_token, ...members }) => ({
    ...members,
    access_token: longer(access_token),
    refresh_token: longer(refresh_token),
  }));
  const listening = hearing(["token", "revoke", "api"], (request) => {
    const headers = new Headers(request.headers);
    const authorization = headers.get("authorization") ?? "";
    if (/^bearer /i.test(authorization)) headers.set("authorization", shorter(authorization));
    const heard = withForm(request, (form) => {
      for (const name of ["refresh_token", "access_token", "token"]) {
        const token = form.get(name);
        if (token !== null) put(form, name, shorter(token));
      }
    });
    return { ...heard, headers };
  });
  return (strict, context) => listening(answering(strict, context), context);
}
