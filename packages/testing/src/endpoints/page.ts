/** Returns a page of the provider: no script, nothing from elsewhere, in no frame. */
export function page(status: number, title: string, content: string): Response {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>
${content}
</main></body></html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
    },
  });
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

// Another look than the apps have: whoever logs in should see that this is another party's page.
const style = `:root{color-scheme:light dark;--paper:#e9eef3;--card:#fff;--ink:#17202a;--soft:#4f5b68;--line:#cbd4dd;--accent:#1c4f82;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#0e1318;--card:#171e26;--ink:#edf2f7;--soft:#a6b2bf;--line:#36424e;--accent:#9cc8f5;--on-accent:#0b2239}}
*{box-sizing:border-box}
body{margin:0;padding:1rem;display:grid;min-height:100vh;place-items:center;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 ui-sans-serif,system-ui,sans-serif;overflow-wrap:anywhere}
main{width:100%;max-width:29rem;padding:clamp(1.25rem,6vw,2.25rem);background:var(--card);border:1px solid var(--line);border-radius:1rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.2;letter-spacing:-.02em;text-wrap:balance}
p{margin:0 0 .75rem}
ul{margin:0 0 1rem;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.5rem}
li{padding:.15rem .6rem;border:1px solid var(--line);border-radius:.4rem}
code{font:.9375rem/1.6 ui-monospace,Menlo,Consolas,monospace}
form{display:grid;gap:.75rem;margin:1.75rem 0 1.25rem}
button{font:inherit;font-weight:600;padding:.7rem .5rem;border:1px solid var(--accent);border-radius:.7rem;background:var(--accent);color:var(--on-accent);cursor:pointer}
button:hover{filter:brightness(1.1)}
button.quiet{background:none;color:inherit;border-color:var(--line)}
button.quiet:hover{border-color:currentColor;filter:none}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
small{color:var(--soft);font-size:.875rem;display:block}`;
