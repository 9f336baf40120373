import { type Dialect, hearing, put, withQuery } from "./dialect.ts";

/** Reads the scopes of a login from another parameter, with something else than a space between them. */
export function hearsScopes({
  parameter = "scope",
  separator,
}: {
  readonly parameter?: string;
  readonly separator: RegExp;
}): Dialect {
  return hearing("authorize", (request) =>
    withQuery(request, (query) => {
      const asked = query.get(parameter) ?? "";
      put(query, parameter, null);
      // A space is part of a scope where a comma separates: the strict server refuses it as malformed.
      const scopes = asked.split(separator).map((scope) => scope.trim().replaceAll(" ", "\\"));
      put(query, "scope", scopes.join(" ").trim() || null);
    }),
  );
}
