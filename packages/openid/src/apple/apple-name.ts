/** How a person is called, as they wrote it at their first login. */
export interface AppleName {
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** Characters of the field, and of a name. */
const largest = 2_048;
const longest = 128;

/**
 * Reads a person's name from `login.posted`: Apple's form has it at the first login with an app and never again. It came through
 * the browser and nothing verifies it, so that nothing else is read there: who the person is, and their address, is what the ID
 * token says.
 *
 * @returns `null` where there is none
 * @example
 * onLogin: async ({ claims, posted }) => people.save(claims?.sub, appleName(posted)),
 */
export function appleName(posted: Readonly<Record<string, string>>): AppleName | null {
  const { user = "" } = posted;
  if (user.length > largest) return null;
  let said: unknown;
  try {
    said = JSON.parse(user);
  } catch {
    return null;
  }
  const { firstName, lastName } = objectIn(objectIn(said).name);
  const name = { firstName: textIn(firstName), lastName: textIn(lastName) };
  return name.firstName === null && name.lastName === null ? null : name;
}

/** First and last name in one text. */
export function fullNameIn(posted: unknown): string | null {
  const name = appleName(objectIn(posted) as Readonly<Record<string, string>>);
  return name && [name.firstName, name.lastName].filter((part) => part !== null).join(" ");
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textIn(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" || text.length > longest || /\p{Cc}/u.test(text) ? null : text;
}
