import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { bundle } from "../lib/bundle.ts";

const folder = fileURLToPath(new URL("../../packages/providers/src", import.meta.url));
const subpaths = readdirSync(folder)
  .filter((name) => /^\w+\.ts$/.test(name))
  .map((name) => name.replace(/\.ts$/, ""));

/** What an app takes of a module: the preset, and not the other ways to make one. */
const main: Readonly<Record<string, string>> = {};

it("a preset adds less than 400 B, minified and gzipped, to a bundle with the core, and none of its facts", async () => {
  const core = 'export * from "@pixy/core";';
  const { bytes: without } = await bundle(core);
  const rows: { readonly preset: string; readonly bytes: number }[] = [];
  for (const name of subpaths) {
    const made = await bundle(`${core} export { ${main[name] ?? name} } from "@pixy/providers/${name}";`);
    expect(made.parts.filter((part) => /facts|\.test/.test(part))).toEqual([]);
    rows.push({ preset: name, bytes: made.bytes - without });
  }
  console.info(rows.map(({ preset, bytes }) => `${preset.padEnd(12)}${String(bytes).padStart(4)} B`).join("\n"));
  expect(rows.filter(({ bytes }) => bytes >= 400)).toEqual([]);
  expect(rows.length).toBeGreaterThan(20);
});
