import { posix } from "node:path";
import { type CodeBlock, codeBlocksOf } from "./markdown.ts";

/** A file made of a block of code, one line for each line of the page. */
export interface ExampleFile {
  /** Below the folder that all examples are written to. */
  readonly path: string;
  readonly text: string;
  readonly page: string;
  /** What to add to a line of the file to get the line of the page. */
  readonly offset: number;
}

/**
 * What a short block may use without saying where it comes from: the options that every page explains, and the app of
 * the framework that the page is about. A block that declares one of them itself uses its own.
 */
const given: readonly (readonly [name: string, declaration: (framework: string) => string])[] = [
  ...["clientId", "clientSecret", "baseUrl", "secret", "callbackUrl", "url", "key"].map(
    (name) => [name, () => `declare const ${name}: string;`] as const,
  ),
  [
    "verifyIdToken",
    () => 'declare function verifyIdToken(token: unknown, expected: object): Promise<import("@pixy/core").Claims>;',
  ],
  ["save", () => "declare function save(json: string): Promise<void>;"],
  ["assert", () => 'import assert from "node:assert/strict";'],
  ["app", (framework) => apps[framework] ?? "declare const app: unknown;"],
  [
    "auth",
    (framework) =>
      framework === "native"
        ? 'declare const auth: import("@pixy/native").NativeAuth;'
        : `declare const auth: import("@pixy/${framework}").Pixy<{ name: string }>;`,
  ],
  ["spotify", () => 'import { spotify } from "@pixy/providers/spotify";'],
  ["Scopes", () => 'import { Scopes } from "@pixy/providers/spotify";'],
  ["pixy", (framework) => `import { pixy } from "@pixy/${framework}";`],
  ["describe", () => 'import { describe } from "vitest";'],
  ["it", () => 'import { it } from "vitest";'],
  [
    "Env",
    () =>
      "interface Env { SPOTIFY_CLIENT_ID: string; BASE_URL: string; SECRET: string; " +
      'SESSIONS: import("@pixy/cloudflare").SessionObjectNamespace<unknown>; ' +
      'OWNERS: import("@pixy/cloudflare").SessionObjectNamespace<unknown> }',
  ],
  ["sealSession", () => 'import { sealSession } from "@pixy/testing";'],
  ["describeAdapter", () => 'import { describeAdapter } from "@pixy/testing";'],
  ["req", () => 'declare const req: import("express").Request;'],
  ["context", () => 'declare const context: import("playwright-core").BrowserContext;'],
  ["server", () => 'declare const server: import("@pixy/testing").AuthorizationServer;'],
  ["options", () => 'declare const options: import("@pixy/server").PixyOptions<{ name: string }>;'],
  [
    "createApp",
    () => 'declare function createApp(instances: readonly unknown[]): import("node:http").RequestListener;',
  ],
  ["listen", () => 'declare function listen(app: unknown): Promise<import("@pixy/testing").RunningApp>;'],
];

const apps: Readonly<Record<string, string>> = {
  express: 'declare const app: import("express").Express;',
  hono: 'declare const app: import("hono").Hono;',
};

/** Why a block is not checked; `null` where it is. Throws for a block that gives no reason. */
function reasonToSkip(page: string, block: CodeBlock): boolean {
  const [, word, reason] = /^tsx? (ignore-check)(?:: (.+))?$/.exec(block.info) ?? [];
  if (word === undefined) return false;
  if (reason === undefined) throw new Error(`${page}:${block.line} is not checked and does not say why.`);
  return true;
}

/** The TypeScript of a page as files. A line `// some/file.ts` begins a file of that name, which others may import. */
export function exampleFilesOf(page: string, text: string): ExampleFile[] {
  const folder = page.replace(/\.md$/, "").replaceAll("/", "-").toLowerCase();
  const files: ExampleFile[] = [];
  for (const block of codeBlocksOf(text)) {
    const language = /^(tsx?)\b/.exec(block.info)?.[1];
    if (language === undefined || reasonToSkip(page, block)) continue;
    for (const part of partsOf(block)) {
      const name = part.name ?? `block-${part.line}.${language}`;
      const known = files.map((file) => file.path);
      const path = posix.join(folder, name);
      const prelude = preludeFor(part.code, { page, path, folder, known });
      // The prelude takes the place of the line above: the fence, or the name of the file.
      files.push({ path, text: `${prelude} export {};\n${part.code}\n`, page, offset: part.line - 1 });
    }
  }
  return files;
}

interface Part {
  readonly name: string | null;
  readonly code: string;
  /** The line of the page above the code. */
  readonly line: number;
}

function partsOf(block: CodeBlock): Part[] {
  const parts: { name: string | null; lines: string[]; line: number }[] = [{ name: null, lines: [], line: block.line }];
  for (const [index, line] of block.code.split("\n").entries()) {
    const name = /^\/\/ ([\w.[\]/-]+\.tsx?)(?::.*)?$/.exec(line)?.[1];
    if (name === undefined) parts.at(-1)?.lines.push(line);
    else parts.push({ name, lines: [], line: block.line + index + 1 });
  }
  return parts.flatMap(({ lines, ...part }) =>
    lines.join("").trim() === "" ? [] : [{ ...part, code: lines.join("\n") }],
  );
}

interface Place {
  readonly page: string;
  readonly path: string;
  readonly folder: string;
  /** The files of the page so far. */
  readonly known: readonly string[];
}

function preludeFor(code: string, place: Place): string {
  const framework =
    /express|next|hono|native/.exec(`${place.page} ${code.match(/@pixy\/\w+/g)?.join(" ") ?? ""}`)?.[0] ?? "express";
  return given
    .filter(([name]) => uses(code, name) && !declares(code, name))
    .map(([name, declaration]) => importFromPage(name, place) ?? declaration(framework))
    .join(" ");
}

/** `auth` of a page that has an `auth.ts` is that one. */
function importFromPage(name: string, { path, folder, known }: Place): string | null {
  const file = posix.join(folder, `${name}.ts`);
  if (name !== "auth" || !known.includes(file)) return null;
  const specifier = posix.relative(posix.dirname(path), file);
  return `import { ${name} } from "${specifier.startsWith(".") ? specifier : `./${specifier}`}";`;
}

function uses(code: string, name: string): boolean {
  const text = code.replace(/\/\/.*|"[^"\n]*"/g, "");
  return new RegExp(`(?<![\\w.$])${name}(?![\\w$]|\\??:)|[{,(]\\s*${name}\\s*[,}]`).test(text);
}

function declares(code: string, name: string): boolean {
  const pattern = [
    `\\b(?:const|let|function|class|interface|type) ${name}\\b`,
    // Taken apart, imported, or a parameter.
    `\\b(?:const|let|import)(?: type)? (?:\\w+, )?[{[][^}\\]]*\\b${name}\\b(?!:)[^}\\]]*[}\\]] (?:=|from)`,
    `\\bimport (?:\\* as )?${name}\\b`,
    `\\(${name}(?::|\\) =>)|\\b${name} =>`,
  ].join("|");
  return new RegExp(pattern).test(code);
}
