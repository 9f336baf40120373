import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Provider } from "@pixy/core";
import { expect, it } from "vitest";
import type { Facts } from "../../packages/providers/src/shared/facts.ts";
import { presets } from "../providers/presets.ts";
import { providerChoice, providerPage } from "./provider-page.ts";

const sources = fileURLToPath(new URL("../../packages/providers/src", import.meta.url));
const pages = fileURLToPath(new URL("../../docs/providers", import.meta.url));
const all = readdirSync(sources);
const names = all.flatMap((file) => /^(\w+)\.facts\.ts$/.exec(file)?.[1] ?? []);

function providerOf(name: string): Provider | null {
  return presets.find((preset) => preset.name === name)?.provider ?? null;
}

/** What a page names: `GitHubScope`. A type that takes any text finds nothing that is spelt wrong. */
function scopeTypeOf(name: string): string | null {
  const file = `${sources}/${name}.ts`;
  return existsSync(file)
    ? (/^export type (\w+Scope) =(?![^;]*string & )/m.exec(readFileSync(file, "utf8"))?.[1] ?? null)
    : null;
}

it.each(names)(
  "docs/providers/%s.md says what the preset and its facts say (written by: npx -y pnpm@12 write providers)",
  async (name) => {
    const { facts } = (await import(`${sources}/${name}.facts.ts`)) as { readonly facts: Facts };
    expect(facts.sources.length).toBeGreaterThan(0);
    for (const { url, read, copyOf } of facts.sources) {
      expect([url, read]).toEqual([expect.stringMatching(/^https:/), expect.stringMatching(/^2026-\d\d-\d\d$/)]);
      if (copyOf) expect([copyOf, read].toSorted()).toEqual([copyOf, read]);
    }
    const provider = facts.discover ? null : providerOf(name);
    await expect(providerPage({ name, facts, provider, scopeType: scopeTypeOf(name) })).toMatchFileSnapshot(
      `${pages}/${name}.md`,
    );
  },
);

it("the list of `pixy init` says what the facts say (written by the same command)", async () => {
  const choices = [];
  for (const name of names) {
    const { facts } = (await import(`${sources}/${name}.facts.ts`)) as { readonly facts: Facts };
    choices.push(providerChoice(name, facts));
  }
  const list = fileURLToPath(new URL("../../packages/server/bin/providers.json", import.meta.url));
  await expect(`${JSON.stringify(choices, null, 2)}\n`).toMatchFileSnapshot(list);
});

it("each preset has its facts, and each page its provider", () => {
  const presetFiles = all.flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? []);
  expect(presetFiles.filter((name) => !names.includes(name))).toEqual([]);
  const written = existsSync(pages) ? readdirSync(pages) : [];
  expect(written.sort()).toEqual(names.map((name) => `${name}.md`).sort());
});
