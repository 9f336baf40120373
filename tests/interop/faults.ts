/** What we do wrong, found against these servers. The tests have the right value; when they pass, the name goes. */

export const redirectedMetadata = "metadata that the issuer redirects to, on its own origin, are not read";
