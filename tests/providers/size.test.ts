import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bundle } from "../lib/bundle.ts";

const folder = fileURLToPath(new URL("../../packages/providers/src", import.meta.url));
const subpaths = readdirSync(folder)
  .filter((name) => /^\w+\.ts$/.test(name))
  .map((name) => name.replace(/\.ts$/, ""));

/**
 * What an app with a login of its own takes of the core. Not all of it: gzip looks back 32 kB, and what is further away would
 * be counted again for each preset.
 */
const core = `export {
  buildLoginUri, createClient, defineProvider, discover, exchangeCode, generateCodes, generateState, presetProvider, readCallback,
  refreshTokens, revokeToken, secretBasic, secretPost
} from "@pixy/core";`;

it("a preset adds less than 400 B, minified and gzipped, to an app with the core, and none of its facts", async () => {
  const { bytes: without, code } = await bundle(core);
  expect(code.length).toBeLessThan(32_768);
  const rows: { readonly preset: string; readonly bytes: number }[] = [];
  for (const name of subpaths) {
    const made = await bundle(`${core} export { ${name} } from "@pixy/providers/${name}";`);
    expect(made.parts.filter((part) => /facts|\.test/.test(part))).toEqual([]);
    rows.push({ preset: name, bytes: made.bytes - without });
  }
  console.info(rows.map(({ preset, bytes }) => `${preset.padEnd(12)}${String(bytes).padStart(4)} B`).join("\n"));
  expect(rows.filter(({ bytes }) => bytes >= 400)).toEqual([]);
  expect(rows.length).toBeGreaterThan(20);
});
