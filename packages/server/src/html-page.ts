/** A small page of ours: no script, nothing from elsewhere, readable without style. */
export interface PageContent {
  readonly title: string;
  readonly text: string;
  /** Shown small, for whoever is asked for help. */
  readonly code: string;
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

const style =
  ":root{color-scheme:light dark;font:1.05rem/1.6 system-ui,sans-serif}" +
  "body{display:grid;place-content:center;min-height:100vh;margin:0;padding:1.5rem;box-sizing:border-box}" +
  "main{max-width:32rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}p{margin:0 0 1.25rem}" +
  "a{display:inline-block;margin:0 1rem .75rem 0;padding:.55rem 1rem;border:1px solid;border-radius:.5rem;color:inherit;text-decoration:none}" +
  "a:hover{text-decoration:underline}a:focus-visible{outline:3px solid;outline-offset:3px}small{opacity:.75}";

/** Renders a page that nothing can be injected into: every value is escaped, and no script may run. */
export function htmlPage(content: PageContent): string {
  const links = content.links.map(({ label, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`);
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(content.title)}</title>` +
    `<style>${style}</style></head><body><main><h1>${escapeHtml(content.title)}</h1>` +
    `<p>${escapeHtml(content.text)}</p><p>${links.join("")}</p>` +
    `<small>Code: <code>${escapeHtml(content.code)}</code></small></main></body></html>`
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
