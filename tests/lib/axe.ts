import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Results {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe finds on the page that is laid out now: a rule of WCAG 2.2 A or AA or a best practice, and where it is broken. */
export async function axeViolations(page: Page): Promise<string[]> {
  // By the devtools, which a page's content security policy does not bind.
  await page.evaluate(source);
  const results = await page.evaluate<Results>("axe.run()");
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}
