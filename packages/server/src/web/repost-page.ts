import { generateState } from "@pixy/core";
import { escapeHtml, htmlAround, pageHeaders } from "./html-page.ts";
import { privately } from "./responses.ts";

/**
 * A page that posts the fields that came from another site once more, from our own origin: then the browser sends its
 * `SameSite=Lax` cookies along. Its one script has a nonce; without scripts there is a button.
 *
 * @param action a path of our own
 */
export function repostPage(action: string, fields: URLSearchParams): Response {
  const nonce = generateState();
  const inputs = Array.from(
    fields,
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const page = htmlAround(
    { title: "One moment", text: "Your login goes on by itself. If it does not, press the button." },
    // By the prototype: a field may be called "submit".
    `<form method="post" action="${escapeHtml(action)}">${inputs.join("")}<button>Go on</button></form>` +
      `<script nonce="${nonce}">HTMLFormElement.prototype.submit.call(document.forms[0])</script>`,
  );
  return new Response(page, {
    headers: {
      ...privately,
      ...pageHeaders,
      // No form-action: Chromium holds the redirects behind the answer to it, too, and they may lead to the provider.
      "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
      // With no-referrer the form would come from the origin "null".
      "referrer-policy": "same-origin",
    },
  });
}
