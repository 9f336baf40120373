import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** The complete program in a README: its first block of TypeScript that imports `from`. */
function programOf(readme: string, from: string): string {
  const text = readFileSync(new URL(`../../${readme}`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  const program = blocks.find((block) => block.includes(`from "${from}"`));
  if (program === undefined) throw new Error(`${readme} has no block that imports ${from}.`);
  return program;
}

/** Replaces what must be there, or the test would run another program than the README shows. */
function replace(text: string, found: string, by: string): string {
  if (!text.includes(found)) throw new Error(`The quick start does not say ${found} any more:\n${text}`);
  return text.replaceAll(found, by);
}

/** The provider of the test takes Spotify's place; everything else stays as the README has it. */
function withTestProvider(program: string): string {
  return `import { spotifyAt } from "PACKAGE";\n${replace(program, "spotify }", "}")}`.replace(
    /^(const auth\b)/m,
    "const spotify = spotifyAt(process.env.PROVIDER_URL);\n$1",
  );
}

/** The Express program of the root README, on a port of the test. */
export function expressQuickStart(): string {
  const program = withTestProvider(programOf("README.md", "@pixy/express")).replace("PACKAGE", "@pixy/express");
  const listening = 'app.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));';
  return stripTypeScriptTypes(replace(program, "app.listen(3001);", listening));
}

/** The Hono program of the adapter's README, served by `@hono/node-server`. */
export function honoQuickStart(): string {
  const program = withTestProvider(programOf("packages/hono/README.md", "@pixy/hono")).replace("PACKAGE", "@pixy/hono");
  const serve = `import { serve } from "@hono/node-server";
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" }, () => console.log("listening"));`;
  return stripTypeScriptTypes(replace(program, "export default app;", serve));
}
