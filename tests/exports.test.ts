import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../packages", import.meta.url));

// Modules that only a Workers runtime has cannot be imported here: that package pins its exports in a test of its own.
const elsewhere = ["cloudflare"];

/** What a package exports is a promise: a name that comes or goes shows up in the change, and in a changeset. */
describe("the names that a package exports", () => {
  for (const name of readdirSync(packages).filter((folder) => !elsewhere.includes(folder))) {
    const pinned = fileURLToPath(new URL(`exports/${name}.txt`, import.meta.url));
    const test = existsSync(pinned) || process.env.PIN_EXPORTS ? it : it.skip;
    test(`@pixy/${name} (pinned by: npx -y pnpm@12 pin-exports)`, async () => {
      const exported: object = await import(`${packages}/${name}/src/index.ts`);
      const names = Object.keys(exported).sort();
      if (names.length > 0) await expect(`${names.join("\n")}\n`).toMatchFileSnapshot(pinned);
    });
  }
});
