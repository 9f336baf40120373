import { ConfigurationError } from "@pixy/core";

type Prompt = "login" | "consent" | "select_account" | "create";

/** What a login may ask of the provider beyond who it is. */
export interface LoginWishes {
  /** What the provider shall show, also to whom it knows; `none`: nothing, or the login fails with `login_required`. */
  readonly prompt?: "none" | Prompt | readonly Prompt[] | undefined;
  /** Seconds for which a login at the provider counts; checked when the person comes back. 0 asks again. */
  readonly maxAge?: number | undefined;
  /** Who it probably is, such as an e-mail address. */
  readonly loginHint?: string | undefined;
  /** Languages, the best first, such as `["de-AT", "de"]`. */
  readonly uiLocales?: readonly string[] | undefined;
  /** Ways to log in, the best first; one of them has to be in the ID token's `acr`. */
  readonly acrValues?: readonly string[] | undefined;
}

/**
 * Returns what `auth.login(…, { parameters })` takes.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core section 3.1.2.1}
 * @throws ConfigurationError for a wish that cannot be one
 * @example
 * app.get("/admin", (req, res) => auth.login(req, res, { returnTo: "/admin", parameters: loginParameters({ maxAge: 300 }) }));
 */
export function loginParameters(wishes: LoginWishes): Readonly<Record<string, string>> {
  const { prompt, maxAge, loginHint, uiLocales, acrValues } = wishes;
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0 && maxAge < 1_000_000_000)) {
    throw refuse("maxAge", "Give whole seconds, 0 or more.");
  }
  const prompts = list("prompt", typeof prompt === "string" ? [prompt] : prompt);
  if (prompts?.includes("none") && prompts !== "none") throw refuse("prompt", '"none" stands alone.');
  const given = {
    prompt: prompts,
    max_age: maxAge?.toString(),
    login_hint: loginHint,
    ui_locales: list("uiLocales", uiLocales),
    acr_values: list("acrValues", acrValues),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Joined by blanks, so that none may be in an item. */
function list(option: string, items: readonly string[] | undefined): string | undefined {
  if (items === undefined) return undefined;
  if (Array.isArray(items) && items.every((item) => typeof item === "string" && /^[!-~]+$/.test(item))) {
    return items.join(" ");
  }
  throw refuse(option, "Give a list of texts without blanks.");
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used.`, { code: "invalid_option", option, hint });
}
