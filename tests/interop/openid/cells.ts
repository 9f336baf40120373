import type { Absence } from "../foreign-server.ts";

/** The columns of the matrix of OpenID Connect. */
export const openIdCells = [
  "ID token",
  "refresh",
  "userinfo",
  "iss",
  "logout",
  "back-channel",
  "PAR",
  "DPoP",
  "private_key_jwt",
  "form_post",
  "resource",
] as const;

export type OpenIdCell = (typeof openIdCells)[number];

/** The member of the metadata that tells of a cell, and what it has to hold. Of resource indicators they tell nothing. */
export const announcements: Readonly<Partial<Record<OpenIdCell, readonly [member: string, value?: unknown]>>> = {
  userinfo: ["userinfo_endpoint"],
  iss: ["authorization_response_iss_parameter_supported", true],
  logout: ["end_session_endpoint"],
  "back-channel": ["backchannel_logout_supported", true],
  PAR: ["pushed_authorization_request_endpoint"],
  DPoP: ["dpop_signing_alg_values_supported"],
  private_key_jwt: ["token_endpoint_auth_methods_supported", "private_key_jwt"],
  form_post: ["response_modes_supported", "form_post"],
};

/** Whether a server's metadata tell of a cell. */
export function announces(metadata: Readonly<Record<string, unknown>>, cell: OpenIdCell): boolean {
  const [member = "", value] = announcements[cell] ?? [];
  const found = metadata[member];
  if (Array.isArray(found) && value !== undefined) return found.includes(value);
  return found !== undefined && (value === undefined || found === value);
}

/** Why a cell is absent: its metadata do not tell of it, its answer to a refresh has no ID token, or its own words. */
export type OpenIdAbsence = "not announced" | "not answered" | Absence;

/** A cell's absence, as it stands on the page. */
export function absenceText(cell: OpenIdCell, absence: OpenIdAbsence): string {
  if (absence === "not answered") return "its answer to a refresh has no ID token";
  if (absence !== "not announced") {
    const { where, says, never } = absence;
    return `\`${where}\` says "${says}", and nowhere \`${never.source}\``;
  }
  const [member, value] = announcements[cell] ?? [];
  return typeof value === "string"
    ? `\`${member}\` of its metadata has no \`${value}\``
    : `its metadata have no \`${member}\``;
}
