import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { chapters } from "./reading-order.ts";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
/** Where the site's sources are put together. */
export const sources: string = fileURLToPath(new URL(".cache/pages", import.meta.url));

/** A page of the repository, and its address on the site. */
export interface SitePage {
  readonly path: string;
  /** Below the site's root, without an ending: `errors`, `packages/core`; empty for the first page. */
  readonly address: string;
  readonly title: string;
}

/** A chapter with its pages found. */
export interface SiteChapter {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

const home: SitePage = { path: "README.md", address: "index", title: "Pixy" };

export function readChapters(): SiteChapter[] {
  const named = new Set(chapters.flatMap(({ pages }) => pages.filter((pattern) => !pattern.startsWith("docs/*"))));
  return chapters.map(({ title, pages }) => ({
    title,
    pages: pages.flatMap((pattern) => find(pattern).filter((path) => path === pattern || !named.has(path))).map(toPage),
  }));
}

function find(pattern: string): string[] {
  const paths = pattern.includes("*") ? globSync(pattern, { cwd: root }).sort() : [pattern];
  const missing = paths.length === 0 ? pattern : paths.find((path) => !existsSync(join(root, path)));
  if (missing !== undefined)
    throw new Error(`${missing} stands in tools/docs/reading-order.ts, and there is no such page.`);
  return paths;
}

function toPage(path: string): SitePage {
  const address = path
    .replace(/^docs\//, "")
    .replace(/\/README\.md$|\.md$/, "")
    .toLowerCase();
  const text = readFileSync(join(root, path), "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll("`", "");
  if (title === undefined) throw new Error(`${path} has no title.`);
  return { path, address, title };
}

/** Writes the pages as the site needs them. Throws for a link that leads nowhere. */
export function writePages(): void {
  const pages = [home, ...readChapters().flatMap((chapter) => chapter.pages)];
  rmSync(sources, { recursive: true, force: true });
  for (const { path, address } of pages) {
    write(`${address}.md`, rewriteLinks(path, readFileSync(join(root, path), "utf8"), pages));
  }
  for (const image of globSync("docs/images/*", { cwd: root })) {
    write(`public/images/${posix.basename(image)}`, readFileSync(join(root, image)));
  }
  write("public/llms.txt", readFileSync(join(root, "llms.txt")));
}

function write(path: string, content: string | Buffer): void {
  const target = join(sources, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** Leads links to the site's pages; one to a file that is no page becomes its name, since the site has no sources. */
export function rewriteLinks(path: string, text: string, pages: readonly SitePage[]): string {
  const outside = text.split(/(^```[\s\S]*?^```\s*$)/m);
  return outside.map((part) => (part.startsWith("```") ? part : rewrite(path, part, pages))).join("");
}

function rewrite(path: string, text: string, pages: readonly SitePage[]): string {
  return text
    .replace(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, (link, image: string, name: string, target: string) => {
      const to = resolve(path, target, pages);
      if (to === target) return link;
      return to === null ? name : `${image}[${name}](${to})`;
    })
    .replace(
      /(<img src=")([^"]+)"/g,
      (_all, start: string, target: string) => `${start}${resolve(path, target, pages)}"`,
    );
}

function resolve(path: string, target: string, pages: readonly SitePage[]): string | null {
  if (/^([a-z][a-z+.-]*:|#)/i.test(target)) return target;
  const [file = "", anchor] = target.split("#");
  const found = posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file))).replace(/\/$/, "");
  const image = /^docs\/(images\/.+)$/.exec(found)?.[1];
  if (image !== undefined && existsSync(join(root, found))) return `/${image}`;
  const page = pages.find((one) => one.path === found || one.path === `${found}/README.md`);
  if (page !== undefined) return `/${page.address}${anchor === undefined ? "" : `#${anchor}`}`;
  if (!existsSync(join(root, found))) throw new Error(`${path} links to ${target}, and there is no such file.`);
  // A folder of pages is its chapter in the side bar.
  const below = pages.find((one) => statSync(join(root, found)).isDirectory() && one.path.startsWith(`${found}/`));
  return below === undefined ? null : `/${below.address}`;
}
