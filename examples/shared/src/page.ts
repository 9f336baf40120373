import { styles } from "./styles.ts";

/** What the home page says of the person who is logged in. */
export interface Visitor {
  readonly displayName: string;
  /** `null` when the provider does not say. */
  readonly expiresAt: Date | null;
  /** `null` when the provider names no end. */
  readonly reauthDueAt: Date | null;
}

export interface HomePage {
  /** The framework's name. */
  readonly framework: string;
  /** The path prefix of the app without a slash at the end; `""` for none. */
  readonly basePath: string;
  /** `null` when nobody is logged in. */
  readonly visitor: Visitor | null;
  /** The value of `auth_error` in the query: why a login was not finished. */
  readonly loginError?: string | null | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Renders the home page of an example as a whole HTML document; every value is escaped. */
export function renderHomePage(page: HomePage): string {
  const title = page.visitor === null ? "Pixy keeps you logged in" : `Hello, ${page.visitor.displayName}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<div class="page">
<header class="brand"><strong>Pixy</strong><span>on ${escapeHtml(page.framework)}</span></header>
<main class="card">
${renderNotice(page.loginError)}<h1>${escapeHtml(title)}</h1>
${page.visitor === null ? renderSignedOut(page) : renderSignedIn(page, page.visitor)}
</main>
</div>
</body>
</html>
`;
}

/** The words for a login that was not finished, by the code in `auth_error`. */
export function loginErrorText(code: string): string {
  if (code === "access_denied") return "You cancelled the login. Nothing was shared.";
  if (code === "temporarily_unavailable" || code === "server_error") {
    return "The login provider has trouble at the moment. Please try again.";
  }
  return `The login was not finished (${code.slice(0, 80)}). Please try again.`;
}

/** Says how long it is from now to a date, in the largest unit that fits. */
export function timeUntil(date: Date, now: number): string {
  const seconds = Math.round((date.getTime() - now) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

function renderSignedOut({ basePath }: HomePage): string {
  return `<p class="lead">Log in once. Your session is sealed, its access token renews itself, and you stay logged in.</p>
<p class="actions"><a class="button" href="${escapeHtml(basePath)}/auth/login">Log in with Spotify</a></p>
<h2>Without a login</h2>
${renderLinks(basePath, [
  ["/public", "answers everybody"],
  ["/auth/session", "says that nobody is here"],
  ["/me", "sends you to the login first"],
])}`;
}

function renderSignedIn({ basePath, now }: HomePage, { expiresAt, reauthDueAt }: Visitor): string {
  return `<p class="lead">You are logged in, and your access token renews itself.</p>
<dl class="facts">
<div><dt>Access token</dt><dd>${expiresAt === null ? "has no known end" : renderExpiry(expiresAt, now)}</dd></div>
<div><dt>New login</dt><dd>${reauthDueAt === null ? "never due" : `due ${renderTime(reauthDueAt, now)}`}</dd></div>
</dl>
<h2>With your login</h2>
${renderLinks(basePath, [
  ["/me", "your profile, as the provider tells it"],
  ["/playlists", "asks for one more permission"],
  ["/auth/session", "what a script may know"],
  ["/public", "answers everybody"],
])}
<div class="actions"><form method="post" action="${escapeHtml(basePath)}/auth/logout"><button class="button quiet">Log out</button></form></div>`;
}

function renderExpiry(expiresAt: Date, now: number): string {
  // An expired token is no trouble: the next request that needs one renews it.
  if (expiresAt.getTime() <= now) return `expired, renewed when needed ${renderDate(expiresAt)}`;
  return `expires ${renderTime(expiresAt, now)}`;
}

function renderTime(date: Date, now: number): string {
  return `${timeUntil(date, now)} ${renderDate(date)}`;
}

function renderDate(date: Date): string {
  const text = date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `<small><time datetime="${date.toISOString()}">${text} UTC</time></small>`;
}

function renderNotice(code: string | null | undefined): string {
  return code ? `<p class="notice" role="status">${escapeHtml(loginErrorText(code))}</p>\n` : "";
}

function renderLinks(basePath: string, links: readonly (readonly [path: string, text: string])[]): string {
  const items = links.map(
    ([path, text]) =>
      `<li><a href="${escapeHtml(basePath + path)}"><code>${path}</code><span>${escapeHtml(text)}</span></a></li>`,
  );
  return `<ul class="links">\n${items.join("\n")}\n</ul>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
