import type { ProfilePath, ProfileRule } from "@pixy/core";
import type { FullProfile } from "../settings/profile.ts";

/** Octets that each text of a profile may have. */
const longest = 512;

/**
 * Reads who somebody is from what the provider answered. A text that is too long, or a picture that is not at https, is
 * none; `null` where there is no usable id.
 */
export function readProfile(rule: ProfileRule, raw: Readonly<Record<string, unknown>>): FullProfile | null {
  const id = readId(at(raw, rule.id));
  if (id === null) return null;
  return {
    id,
    name: readText(at(raw, rule.name)),
    email: readText(at(raw, rule.email)),
    emailVerified: readFlag(at(raw, rule.emailVerified)),
    picture: readPicture(at(raw, rule.picture)),
    raw,
  };
}

function at(raw: Readonly<Record<string, unknown>>, path: ProfilePath | undefined): unknown {
  if (path === undefined) return undefined;
  if (typeof path === "function") return path(raw);
  let value: unknown = raw;
  for (const step of typeof path === "string" ? [path] : path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** A number above 2^53 was rounded as it was parsed: two people might share it. */
function readId(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  return readText(value);
}

function readText(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  return new TextEncoder().encode(value).length > longest ? null : value;
}

function readFlag(value: unknown): boolean | null {
  // Some say it as text.
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : null;
}

function readPicture(value: unknown): string | null {
  const text = readText(value);
  return text !== null && URL.canParse(text) && new URL(text).protocol === "https:" ? text : null;
}
