/** What we do wrong, found against these servers. The tests have the right value; when they pass, the name goes. */

export const deadByAnotherName =
  "a dead refresh token that is not called invalid_grant is taken for an outage, for ever (A1)";

export const revocationWithoutHint = "a revocation does not say that its token is a refresh token";

export const redirectedMetadata = "metadata that the issuer redirects to, on its own origin, are not read";
