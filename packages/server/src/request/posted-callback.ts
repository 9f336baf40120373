import { methodNotAllowed, RequestError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { Way } from "../settings/way.ts";
import { formOf } from "../web/form.ts";
import { isSameOrigin } from "../web/incoming-request.ts";
import { repostPage } from "../web/repost-page.ts";
import type { Handle } from "./handle.ts";

// Where a browser says of our own page's form neither Sec-Fetch-Site nor Origin, the page would post for ever.
const marker = "?reposted=1";

/**
 * Reads a callback that came as a form, where the provider's `responseMode` wants it. A form of the provider's own page comes
 * without our cookies, so that nothing can be known of it, and nothing is spent: the answer is a page of ours that posts the same
 * fields again. Only that second form, of our own origin, is a callback.
 *
 * @throws RequestError `method_not_allowed` for every other provider, `form_unusable`, `cross_site_request`, and where the
 *   provider cannot be found
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html OAuth 2.0 Form Post Response Mode}
 */
export async function postedCallback<Data>(
  settings: Settings<Data>,
  { request, keepAlive }: Handle<Data>,
  way: Way,
): Promise<URLSearchParams | Response> {
  const { responseMode } = await way.provider.find(keepAlive);
  if (responseMode !== "form_post") throw methodNotAllowed("callback", "POST", ["GET"]);
  const form = await formOf(request);
  if (isSameOrigin(request, settings.baseUrl.origin)) return form;
  if (request.url.endsWith(marker)) throw notOurs();
  return repostPage(new URL(way.redirectUri).pathname + marker, form);
}

function notOurs(): RequestError {
  return new RequestError("This login cannot be finished.", {
    code: "cross_site_request",
    status: 403,
    hint: "Let Sec-Fetch-Site and Origin through. Is baseUrl what browsers see?",
  });
}
