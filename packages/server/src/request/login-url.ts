import type { Settings } from "../settings/settings.ts";
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
