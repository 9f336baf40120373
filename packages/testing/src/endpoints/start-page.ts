import { people } from "../state/people.ts";
import type { Settings } from "../state/settings.ts";
import { metadataPath, type Paths } from "./metadata-endpoint.ts";
import { escapeHtml, page } from "./page.ts";

/** Returns the page at `/`, for whoever opens the server's address: what it is, and what it answers. */
export function startPage(settings: Readonly<Settings>, paths: Paths, resources: readonly string[]): Response {
  const { authorize, token, revoke, device = null } = paths;
  const endpoints = [authorize, token, revoke, device, metadataPath(settings.issuer), ...resources];
  const items = endpoints.filter((path) => path !== null).map((path) => `<li><code>${escapeHtml(path)}</code></li>`);
  const names = Object.values(people).map(({ displayName }) => escapeHtml(displayName));
  return page(
    200,
    "A provider to test against",
    `<p>This is an OAuth 2.0 authorization server for tests. Log in through an app that uses it: here is nothing to click.</p>
<p>It answers:</p><ul>${items.join("")}</ul>
<p>It knows ${names.join(" and ")}. An access token lasts ${settings.expiresIn} seconds.</p>
<small>Nothing here is a real account, and nothing is kept when the server ends.</small>`,
  );
}
