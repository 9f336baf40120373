import { ConfigurationError } from "@pixy/core";
import { wrong } from "./id-token-error.ts";

/** Whose ID tokens are taken. */
export interface IssuerRule {
  /** What `iss` must be; several for a provider that has two names. `null`: as `pattern` says. */
  readonly names: string[] | null;
  /** Checks the `iss` of many tenants. */
  check(claims: Readonly<Record<string, unknown>>): void;
}

const place = "{tenantid}";
const google = "https://accounts.google.com";

/** @throws ConfigurationError */
export function issuerRule(
  issuer: string,
  pattern: string | undefined,
  tenants: readonly string[] | "any" | undefined,
): IssuerRule {
  if (pattern === undefined) {
    if (tenants !== undefined) throw refuse("tenants", "Give `issuerPattern`, too, or leave it out.");
    // Google documents that it writes either.
    return { names: issuer === google ? [google, "accounts.google.com"] : [issuer], check: () => {} };
  }
  const [before = "", after = "", ...more] = String(pattern).split(`/${place}`);
  if (more.length > 0 || !pattern.includes(`/${place}`) || (after !== "" && !after.startsWith("/"))) {
    throw refuse("issuerPattern", `Write ${place} once, as a whole part of the path.`);
  }
  if (new URL(pattern).origin !== new URL(issuer).origin)
    throw refuse("issuerPattern", "Its origin must be the issuer's.");
  if (tenants !== "any" && !(Array.isArray(tenants) && tenants.length > 0 && tenants.every(isTenant))) {
    throw refuse("tenants", 'Give the ids of the tenants whose people may come in, in lower case, or "any".');
  }
  return {
    names: null,
    check({ iss, tid }) {
      if (!isTenant(tid) || iss !== `${before}/${tid}${after}`) {
        throw wrong("id_token_issuer", "The ID token is not of the tenant that it names.");
      }
      if (tenants !== "any" && !tenants.includes(tid))
        throw wrong("id_token_tenant", `The tenant ${tid} may not come in.`);
    },
  };
}

function isTenant(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used.`, { code: "invalid_option", option, hint });
}
