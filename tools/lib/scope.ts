import { readFileSync } from "node:fs";

/** Whose the packages are on npm: what stands before the slash of their names. The manifests have the word; this reads one. */
export const scope: string = scopeOf(
  readFileSync(new URL("../../packages/core/package.json", import.meta.url), "utf8"),
);

/** Returns the scope of a package, from its `package.json`. */
export function scopeOf(manifest: string): string {
  return (JSON.parse(manifest) as { readonly name: string }).name.replace(/\/.*/s, "");
}

/** Returns a file with another scope wherever the one of today stands as a word of its own. */
export function rescope(text: string, from: string, to: string): string {
  return text.replace(new RegExp(`(?<!(?<!\\\\)[\\w.])${from}(?![\\w.-])`, "g"), to);
}

/** Places at which a name is put together from parts, so that `rescope` would not see it. */
export function builtByHand(text: string): string[] {
  return text.match(/.*(?:["'`]@["'`]\s*\+|`@\$\{).*/g) ?? [];
}
