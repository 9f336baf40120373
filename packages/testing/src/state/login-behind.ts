import type { Grants } from "./grants.ts";
import { parameterOf, type ReceivedRequest } from "./recorded-request.ts";

/** Returns the redirect URI of the login that a request belongs to, as its code, its token or the request itself shows. */
export function redirectUriBehind({ record, headers, query, form }: ReceivedRequest, grants: Grants): string | null {
  if (record.kind === "authorize") return parameterOf(query, "redirect_uri");
  const bearer = /^bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  const grant =
    grants.findByRefreshToken(form?.get("refresh_token") ?? form?.get("token") ?? "") ??
    grants.findAccessToken(bearer ?? form?.get("token") ?? "")?.grant;
  return grant?.redirectUri ?? grants.findCode(form?.get("code") ?? "")?.redirectUri ?? null;
}
