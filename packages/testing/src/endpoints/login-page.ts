import { people } from "../state/people.ts";
import { escapeHtml, page } from "./page.ts";

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
<button name="person" value="deny" class="quiet">Deny</button></form>
<small>This is not a real account: choose a person, and no password is asked for.</small>`,
  );
}

/** Returns the action of the login page's form, or null when the HTML is another page. */
export function loginFormAction(html: string): string | null {
  const action = /<form method="post" action="([^"]*)"><button name="person"/.exec(html)?.[1];
  return action?.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"') ?? null;
}

/** Returns the page that has the browser post the answer to the client (OAuth 2.0 Form Post Response Mode section 2). */
export function formPostPage(action: string, fields: URLSearchParams): Response {
  const inputs = Array.from(
    fields,
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return page(
    200,
    "Back to the app",
    `<form method="post" action="${escapeHtml(action)}">${inputs.join("")}<button>Go on</button></form>`,
  );
}

/** Returns the page for a request that must not be answered by a redirect (RFC 6749 §4.1.2.1). */
export function refusalPage(message: string): Response {
  return page(400, "This login cannot start", `<p>${escapeHtml(message)}</p>`);
}
