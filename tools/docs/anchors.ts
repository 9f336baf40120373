import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The links of a built site that lead to a page or an anchor that is not there. */
export function deadLinks(site: string): string[] {
  const pages = new Map(
    globSync("**/*.html", { cwd: site }).map((path) => [path, readFileSync(join(site, path), "utf8")]),
  );
  const dead: string[] = [];
  for (const [path, html] of pages) {
    if (path.startsWith("api/")) continue;
    for (const [, href = ""] of html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)) {
      if (/^[a-z][a-z+.-]*:/i.test(href) || href === "") continue;
      const url = new URL(href, `http://site/${path}`);
      if (url.pathname.startsWith("/api/")) continue;
      const to = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
      const page = pages.get(to) ?? pages.get(`${to}.html`);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (page === undefined) dead.push(`${path}: ${href}: there is no such page`);
      else if (anchor !== "" && !page.includes(`id="${anchor}"`))
        dead.push(`${path}: ${href}: there is no such heading`);
    }
  }
  return dead;
}
