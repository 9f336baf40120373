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
  const start = isObject ? "There is no such option. The options are: " : "Give an object with ";
  throw unusable(path, wrong, `${start}${Object.keys(known).join(", ")}.`);
}

/**
 * Refuses a member that is there and is no function; `path` as for `checkMembers`.
 *
 * @throws ConfigurationError `invalid_option` that names the member
 */
export function checkFunctions(path: string, value: object, names: readonly string[]): void {
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = names.find((name) => typeof (given[name] ?? checkFunctions) !== "function");
  if (wrong !== undefined) throw unusable(path, wrong, "Give a function, or leave it out.");
}

function unusable(path: string, name: string | undefined, hint: string): ConfigurationError {
  const option = [path, name].filter(Boolean).join(".") || "options";
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}
