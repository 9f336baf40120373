import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages", import.meta.url));

/** What a package exports is a promise: a name that comes or goes shows up in the change, and in a changeset. */
/** The names, of values and of types, that a package passes on from `@pixy/server`. */
function passedOn(name: string): string[] {
  const text = readFileSync(`${packages}/${name}/src/index.ts`, "utf8");
  const lists = text.matchAll(/^export (type )?\{([^}]*)\} from "@pixy\/server";/gm);
  return [...lists]
    .flatMap(([, type = "", list = ""]) => list.split(",").map((item) => type + item.trim()))
    .filter((item) => !/^(type )?$/.test(item))
    .sort();
}

describe("the adapters", () => {
  it("pass on the same names of @pixy/server", () => {
    const names = passedOn("express");
    expect(names).toEqual(expect.arrayContaining(["discover", "type SessionOf", "SessionTooLargeError"]));
    expect([passedOn("hono"), passedOn("next")]).toEqual([names, names]);
  });
});

describe("the names that a package exports", () => {
  for (const name of readdirSync(packages)) {
    const pinned = fileURLToPath(new URL(`exports/${name}.txt`, import.meta.url));
    const test = existsSync(pinned) || process.env.PIN_EXPORTS ? it : it.skip;
    test(`@pixy/${name} (pinned by: npx -y pnpm@12 write exports)`, async () => {
      const exported: object = await import(`${packages}/${name}/src/index.ts`);
      const names = Object.keys(exported).sort();
      if (names.length > 0) await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(pinned);
    });
  }
});
