import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** The complete program on a page: its first block of TypeScript that imports `from`. */
function programOf(page: string, from: string): string {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? "");
  const program = blocks.find((block) => block.includes(`from "${from}"`));
  if (program === undefined) throw new Error(`${page} has no block that imports ${from}.`);
  return program;
}

/** Replaces what must be there, or the test would run another program than the page shows. */
function replace(text: string, found: string, by: string): string {
  if (!text.includes(found)) throw new Error(`The quick start does not say ${found} any more:\n${text}`);
  return text.replaceAll(found, by);
}

/** Another server takes Spotify's place, whose URL is an expression; everything else stays as the page has it. */
export function withProviderAt(program: string, url: string): string {
  return `const spotify = spotifyAt(${url});\n${replace(program, ", spotify }", ", spotifyAt }")}`;
}

function withTestProvider(program: string): string {
  return withProviderAt(program, "process.env.PROVIDER_URL");
}

/** The program of the Express page. */
export function expressQuickStart(): string {
  const program = programOf("docs/getting-started-express.md", "@pixy/express");
  return stripTypeScriptTypes(withTestProvider(program));
}

/** The program of the Hono page, served by `@hono/node-server`. */
export function honoQuickStart(): string {
  const program = programOf("docs/getting-started-hono.md", "@pixy/hono");
  const serve = `import { serve } from "@hono/node-server";
const { hostname, port } = new URL(process.env.BASE_URL);
serve({ fetch: app.fetch, port: Number(port), hostname }, () => console.log("listening"));`;
  return stripTypeScriptTypes(replace(withTestProvider(program), "export default app;", serve));
}
