import { ConfigurationError } from "@pixy/core";

/** Nobody means to nest data deeper, and no stack ends here. */
const deepest = 100;

/**
 * Copies what `onLogin` or `publicData` returned, as JSON keeps it: members that are `undefined` are left out.
 * @throws ConfigurationError `invalid_option` for what JSON would lose or change, with the path to it
 */
export function readSessionData<Data>(data: Data, option = "data"): Data {
  return (data === undefined ? data : copy(data, option, [])) as Data;
}

function copy(value: unknown, path: string, above: readonly object[]): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value !== "object" || !isPlain(value)) throw refused(path, `is ${nameOf(value)}`);
  if (above.includes(value)) throw refused(path, "contains itself");
  if (above.length >= deepest) throw refused(path, `lies deeper than ${deepest} levels`);
  const way = [...above, value];
  // `from` and no `map`, which leaps over holes.
  if (Array.isArray(value)) return Array.from(value, (item, index) => copy(item, `${path}[${index}]`, way));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, copy(member, pathTo(path, name), way)]),
  );
}

/** An object of members or a list, of whatever realm, that JSON does not ask for another form. */
function isPlain(value: object): boolean {
  if ("toJSON" in value && typeof value.toJSON === "function") return false;
  return Array.isArray(value) || tagOf(value) === "Object";
}

/** `Object` of `[object Object]`: `Date`, `Map`, `Promise` and others have one of their own. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function nameOf(value: unknown): string {
  if (value === undefined || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return !name || name === "Object" || name === "Array" ? "an object with toJSON" : `a ${name}`;
}

function pathTo(path: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function refused(path: string, problem: string): ConfigurationError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return new ConfigurationError(`${shown} ${problem}.`, {
    code: "invalid_option",
    option: path.split(/[.[]/, 1).join(""),
    hint: "Give JSON: text, finite numbers, booleans, null, lists and plain objects; a Date as text or as milliseconds.",
  });
}
