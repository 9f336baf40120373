/** A small page of ours: no script, nothing from elsewhere, readable without style. */
export interface PageContent {
  readonly title: string;
  readonly text: string;
  /** Shown small, for whoever is asked for help. */
  readonly code?: string | undefined;
  /** Whether the links are of equal rank; else the first is the one to follow. */
  readonly isChoice?: boolean | undefined;
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

const style =
  ":root{color-scheme:light dark;--paper:#f4f4f2;--card:#fff;--ink:#1b1b1a;--soft:#5c5c58;--line:#d8d8d3}" +
  "@media (prefers-color-scheme:dark){:root{--paper:#131312;--card:#1d1d1b;--ink:#f0f0ec;--soft:#adada6;--line:#3b3b38}}" +
  "*{box-sizing:border-box}" +
  "body{display:grid;place-items:center;min-height:100vh;margin:0;padding:1rem;background:var(--paper);color:var(--ink);" +
  "font:1.0625rem/1.55 ui-sans-serif,system-ui,sans-serif;overflow-wrap:anywhere}" +
  "main{width:100%;max-width:34rem;padding:clamp(1.25rem,6vw,2.25rem);background:var(--card);border:1px solid var(--line);border-radius:1rem}" +
  "h1{margin:0 0 .75rem;font-size:clamp(1.4rem,6vw,1.75rem);line-height:1.2;letter-spacing:-.02em;text-wrap:balance}" +
  "p{margin:0 0 1.5rem}nav{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.5rem}" +
  "a{padding:.65rem 1.2rem;border:1px solid var(--line);border-radius:.7rem;color:inherit;font-weight:600;text-align:center;text-decoration:none}" +
  "a:first-child{background:var(--ink);border-color:var(--ink);color:var(--card)}.choice a{flex:1 0 100%}.choice a:first-child{background:none;border-color:var(--line);color:inherit}a:hover{text-decoration:underline}" +
  "a:focus-visible{outline:3px solid var(--ink);outline-offset:3px}" +
  "small{color:var(--soft);font-size:.875rem}code{font-family:ui-monospace,Menlo,Consolas,monospace}" +
  "@media (max-width:30rem){a{flex:1 0 100%}}";

/** Renders a page that nothing can be injected into: every value is escaped, and no script may run. */
export function htmlPage(content: PageContent): string {
  const links = content.links.map(({ label, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`);
  const { code, isChoice } = content;
  const small = code === undefined ? "" : `<small>Code: <code>${escapeHtml(code)}</code></small>`;
  return htmlAround(content, `<nav${isChoice ? ' class="choice"' : ""}>${links.join("")}</nav>${small}`);
}

/** The page around what follows its text, which is markup already. */
export function htmlAround({ title, text }: Pick<PageContent, "title" | "text">, markup: string): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title>` +
    `<style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${markup}</main></body></html>`
  );
}

export const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
