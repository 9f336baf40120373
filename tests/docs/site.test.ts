import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deadLinks } from "../../tools/docs/anchors.ts";
import { rewriteLinks, type SitePage } from "../../tools/docs/pages.ts";
import { axeViolations } from "../lib/axe.ts";
import { findBrowser, launchBrowser } from "../lib/browser.ts";
import { requirement } from "../lib/requirement.ts";
import { trackedFiles } from "../lib/tracked-files.ts";
import { reachesRegistry } from "../packages/project.ts";
import { codeBlocksOf, headingsOf } from "./markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const site = join(root, "tools/docs/.cache/site");
const run = promisify(execFile);

interface Index {
  search(query: string): readonly { readonly id: string }[];
}

/** The index that the site's search box loads, searched with the box's own settings. */
async function searchIndex(): Promise<Index> {
  const [path = ""] = globSync("assets/chunks/@localSearchIndexroot*.js", { cwd: site });
  const { default: json } = (await import(pathToFileURL(join(site, path)).href)) as { readonly default: string };
  const library = pathToFileURL(join(root, "tools/docs/node_modules/minisearch/dist/es/index.js")).href;
  const { default: MiniSearch } = (await import(library)) as {
    readonly default: { loadJSON(json: string, options: object): Index };
  };
  const searchOptions = { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } };
  return MiniSearch.loadJSON(json, {
    fields: ["title", "titles", "text"],
    storeFields: ["title", "titles"],
    searchOptions,
  });
}

const withRegistry = requirement("a package registry", await reachesRegistry(), "npm ping, until it answers");

withRegistry("the site", () => {
  beforeAll(async () => {
    await run("pnpm", ["--dir", "tools/docs", "install", "--frozen-lockfile"], { cwd: root });
    await run(process.execPath, ["tools/docs/build.ts"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production" },
    });
  }, 300_000);

  it("has every page of docs, in the reader's order", () => {
    const home = readFileSync(join(site, "index.html"), "utf8");
    const chapters = ["Use", "Providers", "Operate", "Understand", "Contribute", "Packages"];
    const places = chapters.map((title) => home.indexOf(`>${title}<`));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(Math.min(...places)).toBeGreaterThan(0);
    const pages = [...trackedFiles(root).keys()].filter((path) => /^docs\/.*\.md$/.test(path));
    const built = pages.map((path) => `${path.slice("docs/".length, -".md".length).toLowerCase()}.html`);
    expect(built.filter((path) => globSync(path, { cwd: site }).length === 0)).toEqual([]);
  });

  it("shows each diagram as a picture of its own, with nothing from elsewhere", () => {
    const pages = [...trackedFiles(root)].filter(([path]) => /^docs\/.*\.md$/.test(path));
    const drawn = pages.flatMap(([path, text]) => {
      const diagrams = codeBlocksOf(text).filter(({ info }) => info === "mermaid").length;
      return diagrams === 0 ? [] : [{ address: path.slice("docs/".length, -".md".length), diagrams }];
    });
    expect(drawn.length).toBeGreaterThan(0);
    for (const { address, diagrams } of drawn) {
      const html = readFileSync(join(site, `${address}.html`), "utf8");
      const pictures = [
        ...html.matchAll(/<div class="picture"[^>]*>(<svg role="img" aria-label="[^"]+"[\s\S]*?<\/svg>)/g),
      ];
      expect(pictures.length).toBe(diagrams);
      const names = pictures.flatMap(([, svg = ""]) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, name]) => name));
      expect(new Set(names).size).toBe(names.length);
      for (const [, svg = ""] of pictures) expect(svg).not.toMatch(/<style|<script|@import|href=|url\((?!#)/);
    }
  });

  it("finds each error by its code", async () => {
    const index = await searchIndex();
    const codes = headingsOf(readFileSync(join(root, "docs/errors.md"), "utf8")).flatMap(
      (heading) => /^`([a-z_]+)`$/.exec(heading)?.[1] ?? [],
    );
    expect(codes.length).toBeGreaterThan(50);
    const isFound = (code: string) =>
      index
        .search(code)
        .slice(0, 3)
        .some(({ id }) => id === `/errors#${code}`);
    expect(codes.filter((code) => !isFound(code))).toEqual([]);
    expect(isFound("no_such_code")).toBe(false);
  });

  it.runIf(findBrowser() !== null)("can be read and searched in a browser", async () => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://site").pathname.slice(1) || "index.html";
      const [file] = globSync([path, `${path}.html`], { cwd: site });
      if (file === undefined) response.writeHead(404).end();
      else response.setHeader("content-type", typeOf(file)).end(readFileSync(join(site, file)));
    }).listen(0, "127.0.0.1");
    const browser = await launchBrowser();
    try {
      const address = server.address();
      const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const failed: string[] = [];
      page.on("response", (response) => response.status() >= 400 && failed.push(response.url()));
      await page.goto(`${origin}/errors`);
      const box = page.getByRole("searchbox");
      // The key works once the page's script runs, which takes its time on a busy machine.
      for (let tries = 0; tries < 30 && !(await box.isVisible()); tries++) {
        await page.keyboard.press("/");
        await box.waitFor({ timeout: 1_000 }).catch(() => {});
      }
      await box.fill("reauth_required");
      await page.getByRole("option").first().click();
      await page.waitForURL("**/errors#reauth_required");
      expect(failed).toEqual([]);
      // The theme's own: a group of the side bar that folds, and the name of the search's button.
      const theirs = /^(nested-interactive|label-content-name-mismatch): /;
      expect((await axeViolations(page)).filter((violation) => !theirs.test(violation))).toEqual([]);
    } finally {
      await browser.close();
      server.close();
    }
  });
});

function typeOf(path: string): string {
  const ending = path.slice(path.lastIndexOf("."));
  const types: Readonly<Record<string, string>> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
  };
  return types[ending] ?? "application/octet-stream";
}

it("llms.txt names pages that exist", () => {
  const targets = [...readFileSync(join(root, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g)].map(
    ([, path = ""]) => path,
  );
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe("what the site's build refuses", () => {
  const folder = mkdtempSync(join(tmpdir(), "pixy-site-"));
  const page = (path: string, body: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `<h1 id="there">x</h1>${body}`);
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("an anchor and a page that are not there", () => {
    page("index.html", '<a href="/other#there">a</a><a href="/other#nothing">b</a><a href="/nowhere">c</a>');
    page("other.html", '<a href="#there">a</a><a class="x" href="#gone">b</a><a href="https://example.org/#x">c</a>');
    expect(deadLinks(folder)).toEqual([
      "index.html: /other#nothing: there is no such heading",
      "index.html: /nowhere: there is no such page",
      "other.html: #gone: there is no such heading",
    ]);
  });

  it("a link to a file that is not there; one to a source becomes its name", () => {
    const pages: SitePage[] = [{ path: "docs/errors.md", address: "errors", title: "Errors" }];
    const rewritten = (text: string) => rewriteLinks("docs/scaling.md", text, pages);
    expect(rewritten("see [errors](errors.md#x) and [`house`](../tests/house.test.ts)")).toBe(
      "see [errors](/errors#x) and `house`",
    );
    expect(rewritten("```\n[x](nowhere.md)\n```\n")).toBe("```\n[x](nowhere.md)\n```\n");
    expect(() => rewritten("[x](nowhere.md)")).toThrow("docs/scaling.md links to nowhere.md");
  });
});
