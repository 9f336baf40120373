import { people } from "./people.ts";

/** Returns the login page: one form, two people and "deny", no script. It posts back to where it came from. */
export function loginPage(url: URL, clientId: string, scope: readonly string[]): Response {
  const action = escapeHtml(`${url.pathname}${url.search}`);
  const buttons = Object.values(people).map(
    ({ name, displayName }) => `<button name="person" value="${name}">Log in as ${escapeHtml(displayName)}</button>`,
  );
  const scopes =
    scope.length === 0
      ? "<p>It asks for what everybody may see, and nothing else.</p>"
      : `<p>It asks for:</p><ul>${scope.map((token) => `<li><code>${escapeHtml(token)}</code></li>`).join("")}</ul>`;
  return page(
    200,
    "Log in at the test provider",
    `<p><strong>${escapeHtml(clientId)}</strong> would like to use your account.</p>${scopes}
<form method="post" action="${action}">${buttons.join("\n")}
<button name="person" value="deny" class="quiet">Deny</button></form>`,
  );
}

/** Returns the action of the login page's form, or null when the HTML is another page. */
export function loginFormAction(html: string): string | null {
  const action = /<form method="post" action="([^"]*)"><button name="person"/.exec(html)?.[1];
  return action?.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"') ?? null;
}

/** Returns the page for a request that must not be answered by a redirect (RFC 6749 §4.1.2.1). */
export function refusalPage(message: string): Response {
  return page(400, "This login cannot start", `<p>${escapeHtml(message)}</p>`);
}

function page(status: number, title: string, content: string): Response {
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

const style = `:root{color-scheme:light dark}
body{font:1.05rem/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center}
main{max-width:26rem;padding:2rem}h1{font-size:1.4rem;margin-top:0}
form{display:grid;gap:.75rem;margin-top:1.5rem}
button{font:inherit;padding:.75rem 1rem;border:2px solid #146c43;border-radius:999px;background:#146c43;color:#fff;cursor:pointer}
button.quiet{background:none;color:inherit;border-color:currentColor}
button:focus-visible{outline:3px solid Highlight;outline-offset:3px}`;
