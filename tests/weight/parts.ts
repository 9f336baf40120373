/** What an app gets for a part of the Express adapter's bundle, and the files that are there for it; the first match counts. */
export const parts: readonly (readonly [what: string, files: RegExp])[] = [
  ["`jose`: authenticated encryption of cookies and records; two thirds are algorithms that nobody uses here", /^jose/],
  ["`cookie` and `on-headers`", /^(cookie|on-headers)/],
  [
    "sessions that share grants with jobs, connected accounts (`grants`, `owner`, `ownerOf`)",
    /reference|sharing|settings\/connect|connect-route|finish-connect|login-grant|grant-(failure|answer)|owner-|account-of|grants\/src\/grant\//,
  ],
  [
    "answers that are posted, a provider's own routes (back-channel logout), pushed logins, proofs",
    /posted|repost|web\/(read-)?form|provider-route|session-index|pushed-login|core\/src\/proof/,
  ],
  [
    "refresh of tokens: one request for all processes, lease, fence, pauses, retries, what is not saved yet",
    /grants\/src\/(refresh|record|process)|session-(refresh|update)|refresh-|renewal|core\/src\/(refus|refresh|revocation)/,
  ],
  [
    "pages that can set no cookie: led over `/auth/refresh`, or to a missing scope",
    /passes|lead-over|step-up|late-read|unsaved/,
  ],
  ["sealing, secrets and their rotation, secrets that can be guessed", /grants\/src\/(sealing|events)/],
  ["sessions in cookies with their journal, and in stores", /server\/src\/session\//],
  [
    "a fetch with a valid token: redirects, origins, 401, proofs of possession",
    /core\/src\/(authenticat|redirects|resource|provider-fetch|kept|www|api-headers|request-body|supplied)/,
  ],
  ["the protocol: PKCE, login URL, callback, code, tokens, every answer of a provider", /core\/src\//],
  ["login: attempts, code sent once, `onLogin`, profile", /server\/src\/login\//],
  ["pages: error, choice of a provider, their style", /html-page|choice|error-answer/],
  ["errors of a request: 25 codes with their hints", /server\/src\/errors/],
  [
    "options: each checked at start, with the line to write instead; warnings of a wrong set-up",
    /server\/src\/settings\//,
  ],
  ["routes, guards, headers, cookies, Fetch Metadata", /server\/src\//],
  ["the adapter", /express\/src|<head>/],
];
