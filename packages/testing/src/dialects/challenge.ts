import { challengeOf, randomToken } from "../state/random.ts";
import { type Dialect, put, say, type Words, withForm, withQuery } from "./dialect.ts";

/**
 * A provider without PKCE: whatever challenge and verifier come are ignored. The strict server gets a pair of our own for
 * each login, so that everything else stays as strict as it is.
 */
export function ignoresPkce(): Dialect {
  return withOwnCodes(() => null);
}

/** A provider where PKCE is optional: without a challenge it asks for no verifier. */
export function takesPkce(): Dialect {
  return withOwnCodes((query) => query.get("code_challenge"));
}

/** A provider that takes a verifier for a mistake, whatever the login had. */
export function refusesVerifier(words: Words): Dialect {
  const ignoring = ignoresPkce();
  return (strict, context) => {
    const answer = ignoring(strict, context);
    return async (request, decided) =>
      request.record.kind === "token" && request.form?.has("code_verifier") ? say(words) : answer(request, decided);
  };
}

const mostLogins = 10_000;

function withOwnCodes(ownChallenge: (query: URLSearchParams) => string | null): Dialect {
  return (strict) => {
    const verifiers = new Map<string, string>();

    return async (request, decided) => {
      if (request.record.kind === "token") {
        const verifier = verifiers.get(request.form?.get("code") ?? "");
        if (verifier === undefined) return strict(request, decided);
        return strict(
          withForm(request, (form) => put(form, "code_verifier", verifier)),
          decided,
        );
      }
      if (request.record.kind !== "authorize" || ownChallenge(request.query) !== null) return strict(request, decided);
      const verifier = randomToken("");
      const challenge = await challengeOf(verifier);
      const answer = await strict(
        withQuery(request, (query) => {
          put(query, "code_challenge", challenge);
          put(query, "code_challenge_method", "S256");
        }),
        decided,
      );
      const location = answer.headers.get("location");
      const code = location === null ? null : new URL(location).searchParams.get("code");
      if (code !== null) verifiers.set(code, verifier);
      if (verifiers.size > mostLogins) verifiers.clear();
      return answer;
    };
  };
}
