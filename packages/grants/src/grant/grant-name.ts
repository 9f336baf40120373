import { ConfigurationError } from "@pixy/core";
import { digest } from "../sealing/digest.ts";

/** Whose grant, and at which provider. All texts are the app's own; they are compared byte for byte. */
export interface GrantName {
  /** The app's id of the person, such as `"user-42"`. */
  readonly owner: string;
  /** The key of the provider in `providers`; not needed where there is one. */
  readonly provider?: string;
  /** Tells the grants apart where one owner has several accounts at one provider. */
  readonly account?: string;
}

/** A name with everything in it that it leaves out. */
export interface FullName {
  readonly owner: string;
  readonly provider: string;
  readonly account: string | null;
}

/**
 * Reads a name.
 *
 * @throws ConfigurationError `invalid_option` for what is not text: `undefined` as an owner would be everybody's
 */
export function readName(name: GrantName, providers: readonly string[]): FullName {
  if (typeof name !== "object" || name === null) {
    throw refuse("name", 'Give an object, such as { owner: "user-42" }.');
  }
  const unknown = Object.keys(name).find((member) => !["owner", "provider", "account"].includes(member));
  if (unknown !== undefined) throw refuse(unknown, "A grant has an owner, a provider and an account.");
  const owner = readOwner(name.owner);
  const [only = ""] = providers;
  const provider = Object.hasOwn(name, "provider") || providers.length > 1 ? name.provider : only;
  if (typeof provider !== "string" || !providers.includes(provider)) {
    throw refuse("provider", `Give one of the keys of \`providers\`: ${providers.join(", ")}.`);
  }
  if (Object.hasOwn(name, "account") && !isText(name.account)) {
    throw refuse("account", "Give the account's id as text, or leave `account` out where an owner has only one.");
  }
  return { owner, provider, account: name.account ?? null };
}

/** @throws ConfigurationError `invalid_option` */
export function readOwner(owner: unknown): string {
  if (isText(owner)) return owner;
  const found =
    typeof owner === "number" || typeof owner === "bigint" ? `String(${owner})` : "your own id of the person";
  throw refuse("owner", `The owner is ${describe(owner)}. Give ${found} as text; is somebody logged in?`);
}

/** The key of a grant in the store: a hash, the same in every process, which no two names share. */
export async function grantKey(app: string, { owner, provider, account }: FullName): Promise<string> {
  return digest(tuple(["pixy grant", app, provider, owner, account ?? ""]));
}

/** What epochs are counted under. It does not change with the secret, or what was ended would come back. */
export async function ownerKey(app: string, owner: string): Promise<string> {
  return digest(tuple(["pixy owner", app, owner]));
}

/** Each text with its length before it, so that no two lists become the same text. */
export function tuple(texts: readonly string[]): string {
  return texts.map((text) => `${text.length}:${text}`).join("");
}

/** The name alone, of something that has more. */
export function nameOf({ owner, provider, account }: FullName): FullName {
  return { owner, provider, account };
}

/** A grant in words. */
export function wordsOf({ owner, provider, account }: FullName): string {
  const quoted = (text: string) => JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
  return `grant of ${quoted(owner)} at ${provider}${account === null ? "" : ` for the account ${quoted(account)}`}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 1024 && !/\p{Surrogate}/u.test(value);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "empty";
  return typeof value === "string" ? "longer than 1,024 characters, or no valid text" : `of type ${typeof value}`;
}

function refuse(option: string, hint: string): ConfigurationError {
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}
