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

/** The options with what comes from `grants` in its place. Throws `ConfigurationError` for what is given twice. */
export function withGrants<Data>(options: PixyOptions<Data>): PixyOptions<Data> & { readonly secret: SecretInput } {
  const { grants, providers: wishes } = options;
  if (grants === undefined) return options as PixyOptions<Data> & { readonly secret: SecretInput };
  const { providers, secret } = partsIn(grants);
  refuseTwice(options, "");
  const [first, ...more] = Object.keys(providers);
  if (wishes === undefined && more.length === 0) return { ...options, ...providers[first as string], secret };
  const each = [first, ...more].map((key) => `${JSON.stringify(key)}: { scope: […] }`);
  const hint = `With these \`grants\`, give providers: { ${each.join(", ")} }, or some of them.`;
  if (!isMap(wishes) || Object.keys(wishes).length === 0) throw refuseOption("providers", hint);
  const ways = Object.entries(wishes).map(([key, wish]) => {
    const path = `providers.${key}`;
    if (!isMap(wish) || !Object.hasOwn(providers, key)) throw refuseOption(path, hint);
    refuseTwice(wish, `${path}.`);
    return [key, { ...wish, ...providers[key] }];
  });
  return { ...options, providers: Object.fromEntries(ways), secret };
}

const ofGrants = ["provider", "clientId", "clientAuthentication", "secret"] as const;

function refuseTwice(given: { readonly [Name in (typeof ofGrants)[number]]?: unknown }, path: string): void {
  for (const name of ofGrants) {
    if (given[name] !== undefined) throw refuseOption(path + name, "It comes from `grants`: leave it out here.");
  }
}

function isMap<T>(value: T): value is NonNullable<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
