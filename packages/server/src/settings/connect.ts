import { type Grants, type GrantsParts, partsOf, type SecretInput } from "@pixy/grants";
import { readAccountOf } from "./account-of.ts";
import { refuseOption } from "./option-values.ts";
import type { AccountOf, OwnerOf, PixyOptions } from "./options.ts";
import type { Ways } from "./ways.ts";

/** What is needed to connect accounts of users that the app names. */
export interface Connecting {
  readonly ownerOf: OwnerOf;
  readonly accountOf: AccountOf;
  readonly grants: Grants;
  readonly onConflict: "refuse" | "replace";
  /** The key in `grants` of a way to log in. */
  keyOf(way: string | null): string;
}

const ofGrants = ["provider", "clientId", "clientAuthentication"] as const;

/** The options with what comes from `grants` in its place. Throws `ConfigurationError` for what is given twice. */
export function withGrants<Data>(options: PixyOptions<Data>): PixyOptions<Data> & { readonly secret: SecretInput } {
  const { grants } = options;
  if (grants === undefined) return options as PixyOptions<Data> & { readonly secret: SecretInput };
  const parts = partsIn(grants);
  const { secret } = parts;
  for (const name of [...ofGrants, "secret"] as const) {
    if (options[name] !== undefined) throw refuseOption(name, "It comes from `grants`: leave it out here.");
  }
  if (options.providers !== undefined) return { ...options, providers: waysOf(options.providers, parts), secret };
  const keys = Object.keys(parts.providers);
  if (keys.length === 1) return { ...options, ...Object.values(parts.providers)[0], secret };
  throw refuseOption(
    "providers",
    `\`grants\` has several. Say what each asks for: providers: { ${keys.map((key) => `${quoted(key)}: { scope: […] }`).join(", ")} }.`,
  );
}

/** Completes each of the ways to log in by the registration of its key in `grants`. */
function waysOf(providers: NonNullable<PixyOptions<unknown>["providers"]>, parts: GrantsParts): typeof providers {
  const [first = ""] = Object.keys(parts.providers);
  const has = `\`grants\` has ${Object.keys(parts.providers).join(", ")}`;
  if (!isMap(providers) || Object.keys(providers).length === 0) {
    throw refuseOption("providers", `Say what is asked for at each; ${has}: { ${quoted(first)}: { scope: […] } }.`);
  }
  const ways = Object.entries(providers).map(([key, way]) => {
    const registration = Object.hasOwn(parts.providers, key) ? parts.providers[key] : undefined;
    if (registration === undefined) {
      throw refuseOption(
        `providers.${key}`,
        `${has}. Give one of these keys, or add ${key} to createGrants({ providers: { … } }).`,
      );
    }
    if (!isMap(way))
      throw refuseOption(`providers.${key}`, "Give what it asks for, { scope: […] }, or {} for nothing.");
    const twice = ofGrants.find((name) => way[name] !== undefined);
    if (twice) throw refuseOption(`providers.${key}.${twice}`, "It comes from `grants`: leave it out here.");
    return [key, { ...way, ...registration }];
  });
  return Object.fromEntries(ways);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key as it is written in an object. */
function quoted(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}

/** Reads what connecting needs; `null` where the app has no users of its own. */
export function readConnecting<Data>(
  { grants, ownerOf, accountOf, onConflict }: PixyOptions<Data>,
  ways: Ways,
): Connecting | null {
  if (grants === undefined) {
    const given = Object.entries({ ownerOf, accountOf, onConflict }).find(([, value]) => value !== undefined);
    if (given) throw refuseOption(given[0], "It is of use with `grants: createGrants(…)` only.");
    return null;
  }
  if (!["refuse", "replace", undefined].includes(onConflict)) {
    throw refuseOption("onConflict", 'Give "refuse" or "replace".');
  }
  if (ownerOf === undefined) return null;
  if (typeof ownerOf !== "function") {
    throw refuseOption("ownerOf", "Say who of your users asks: ownerOf: (request) => request.user?.id ?? null.");
  }
  const keyOf = keyIn(grants);
  return { grants, ownerOf, accountOf: readAccountOf({ accountOf }, ways), onConflict: onConflict ?? "refuse", keyOf };
}

/** Finds the key in `grants` of a way to log in. */
export function keyIn(grants: Grants): Connecting["keyOf"] {
  const [first = ""] = Object.keys(partsIn(grants).providers);
  return (way) => way ?? first;
}

function partsIn(grants: Grants): GrantsParts {
  const parts = partsOf(grants);
  if (parts === null) throw refuseOption("grants", "Give what createGrants(…) of @pixy/grants returned.");
  return parts;
}
