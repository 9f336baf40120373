import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { parts } from "./parts.ts";

export interface Weight {
  readonly what: string;
  /** Octets, minified. */
  readonly minified: number;
  /** Octets that a gzipped bundle has less without it. */
  readonly gzipped: number;
}

/** Weighs the parts of the Express adapter with all that it pulls: each is left out once, and the rest gzipped. */
export async function weigh(): Promise<readonly Weight[]> {
  const { outputFiles } = await build({
    stdin: { contents: 'export { pixy } from "@pixy/express";', resolveDir: import.meta.dirname, loader: "ts" },
    conditions: ["@pixy/source"],
    external: ["express", "http", "node:*"],
    ...{ bundle: true, write: false, minifySyntax: true, format: "esm", target: "es2022", platform: "neutral" },
    ...{ mainFields: ["module", "main"], legalComments: "none", logLevel: "silent" },
  });
  // esbuild writes the path of each file in front of what it took from it.
  const pieces = (outputFiles?.[0]?.text ?? "").split(/^(?=\/\/ \S+\.(?:ts|js|mjs)$)/m);
  const files = await Promise.all(
    pieces.map(async (piece) => {
      const path = /^\/\/ (\S+)/.exec(piece)?.[1] ?? "<head>";
      const name = path.replace(/^.*node_modules\//, "").replace(/^.*packages\//, "");
      const { code } = await transform(piece, { minify: true, loader: "js", format: "esm", target: "es2022" });
      return { code, part: parts.findIndex(([, pattern]) => pattern.test(name)) };
    }),
  );
  const sizeOf = (codes: readonly string[]) => gzipSync(codes.join(""), { level: 9 }).length;
  const whole = sizeOf(files.map(({ code }) => code));
  const without = (part: number) => sizeOf(files.filter((file) => file.part !== part).map(({ code }) => code));
  return parts.map(([what], part) => ({
    what,
    minified: files.filter((file) => file.part === part).reduce((sum, { code }) => sum + code.length, 0),
    gzipped: whole - without(part),
  }));
}

const kB = (octets: number) => (octets / 1000).toFixed(1);

/** The page that says what each part buys, the heaviest first. */
export function weightPage(weights: readonly Weight[]): string {
  const rows = [...weights].sort((one, other) => other.gzipped - one.gzipped);
  return `# What each kilobyte buys

Written by \`npx -y pnpm@12 write weight\`: the Express adapter with all that it pulls, as the test of sizes bundles it. A part weighs what a
gzipped bundle has less without it, in kB; what parts have in common counts for none of them.

| what an app gets | minified | gzipped |
| --- | ---: | ---: |
${rows.map(({ what, minified, gzipped }) => `| ${what} | ${kB(minified)} | ${kB(gzipped)} |`).join("\n")}

\`jose\` stays knowingly ([decision 3](../docs/decisions/0003-jose.md)), and so does each sentence that names the exact thing to write. What is not
imported costs nothing: \`discover\`, \`defineProvider\`, \`createGrants\`, stores, OpenID Connect. Shared grants are in every bundle, because the value
that asks for them comes from a package that knows no sessions; a function of the server's, which an app with \`grants\` imports, would take
them out. The 38 kB of an adapter before most of this came are not reached with it.
`;
}
