import { ConfigurationError } from "./errors.ts";

/** The members that an object of options may have; written with `satisfies Members<keyof …>`, so that none is forgotten. */
export type Members<Name extends PropertyKey = string> = Readonly<Record<Name, 1>>;

/**
 * Refuses what is no object, and a member that nobody would read; `path` is the option that holds it, `""` for all options.
 *
 * @throws ConfigurationError `invalid_option` that names the member and lists those that there are
 */
export function checkMembers(path: string, value: unknown, known: Members): void {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const wrong = isObject ? Object.keys(value).find((name) => !Object.hasOwn(known, name)) : "";
  if (wrong === undefined) return;
  const option = [path, wrong].filter(Boolean).join(".") || "options";
  const start = isObject ? "There is no such option. The options are: " : "Give an object with ";
  const hint = `${start}${Object.keys(known).join(", ")}.`;
  throw new ConfigurationError(`The option ${option} cannot be used. ${hint}`, {
    code: "invalid_option",
    option,
    hint,
  });
}
