import { refuseOption } from "./option-values.ts";

/**
 * What scripts of the app's pages may know of `session.data`: a part of it, or `true` for its `name` and `picture`.
 * Everybody who can run a script on a page of the app can read it.
 */
export type PublicDataOption<Data> = true | ((data: NoInfer<Data>) => Partial<NoInfer<Data>> | null);

/** Picks what pages may know; `null` where that is nothing. */
export type PickPublicData<Data> = (data: Data) => unknown;

/** Octets of it, as JSON. */
export const mostPublicData: number = 4_096;

/**
 * Reads what pages may know; `null` where they may know nothing.
 *
 * @throws ConfigurationError
 */
export function readPublicData<Data>(option: PublicDataOption<Data> | undefined): PickPublicData<Data> | null {
  if (option === undefined) return null;
  if (typeof option === "function") return option;
  if (option === true) return nameAndPicture;
  throw refuseOption("publicData", "Give `(data) => ({ name: data.name })`, or `true` for the name and the picture.");
}

function nameAndPicture(data: unknown): unknown {
  const { name, picture } = Object(data) as Readonly<Record<string, unknown>>;
  return { ...(typeof name === "string" ? { name } : {}), ...(typeof picture === "string" ? { picture } : {}) };
}
