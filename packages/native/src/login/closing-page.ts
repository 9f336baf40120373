/** What the page says with which a login in the browser ends. */
export interface ClosingPage {
  readonly status: 200 | 400;
  readonly title: string;
  readonly text: string;
}

export function pageOfSuccess(name: string): ClosingPage {
  return { status: 200, title: "You are logged in", text: `You may close this window and go back to ${name}.` };
}

export function pageOfFailure(name: string, reason: string): ClosingPage {
  return { status: 400, title: "You are not logged in", text: `${reason} Go back to ${name} to try again.` };
}

/** No script, nothing from elsewhere, in no frame, kept nowhere. */
export const pageHeaders: Readonly<Record<string, string>> = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export function htmlOf({ title, text }: ClosingPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main></body></html>
`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const style =
  ":root{color-scheme:light dark}" +
  "body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.125rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}" +
  "main{padding:2rem;max-width:32rem;overflow-wrap:anywhere}h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.2}p{margin:0}";
