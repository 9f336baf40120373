import type { Settings } from "../settings/settings.ts";
import { hasLoginError, withoutLoginError } from "../web/login-error.ts";
import type { ReturnPath } from "../web/return-path.ts";

/** The path of the login route, to the provider that is known and back to where the person was. */
export function loginUrlOf<Data>(
  { loginUrl }: Settings<Data>,
  {
    provider,
    returnTo,
  }: { readonly provider?: string | null | undefined; readonly returnTo?: ReturnPath | undefined } = {},
): string {
  const parameters = [
    ...(provider == null ? [] : [`provider=${provider}`]),
    ...(returnTo === undefined ? [] : [`returnTo=${encodeURIComponent(returnTo)}`]),
  ];
  return parameters.length === 0 ? loginUrl : `${loginUrl}?${parameters.join("&")}`;
}

/**
 * The same for a page that cannot answer with one of ours. Somebody who has just clicked "Cancel" at the provider is not
 * sent straight back to it: the login route asks first.
 */
export function loginUrlFrom<Data>(settings: Settings<Data>, provider: string | null, returnTo: ReturnPath): string {
  const url = loginUrlOf(settings, { provider, returnTo: withoutLoginError(returnTo) });
  return hasLoginError(returnTo) ? `${url}&ask=1` : url;
}
