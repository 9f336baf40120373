import type { PersonName } from "./people.ts";

/**
 * What happens to a refresh token when it is used.
 * - `omit`: it stays, and the answer names none (Spotify since 2026).
 * - `rotate`: a new one replaces it; the old one is merely invalid.
 * - `strict`: a new one replaces it; using an old one again ends the whole grant (RFC 9700 §4.14.2).
 * - `grace`: a new one replaces it; the one before is still accepted, but only the newest pair is valid.
 * - `sometimes`: `omit` and `rotate` by turns, beginning with `omit`.
 */
export type Rotation = "omit" | "rotate" | "strict" | "grace" | "sometimes";

/** What may be changed while the server runs. */
export interface Settings {
  /** The issuer identifier, and the base of the endpoints that the metadata names. */
  issuer: string;
  /** What happens to a refresh token when it is used; "omit", unless given: Spotify's way since 2026. */
  rotation: Rotation;
  /** The lifetime of new access tokens in seconds; 3600, unless given. */
  expiresIn: number;
  /** Seconds from the authorization to the end of every refresh token; 180 days, unless given. Refreshing extends nothing. */
  refreshTokenLifetime: number;
  /** Seconds that a refresh token lives unused, each refresh beginning anew; null, unless given: no such clock. */
  refreshTokenIdleLifetime: number | null;
  /** Seconds for which a replaced refresh token still gets a pair of its own, with `rotate` and `strict`; 0, unless given. */
  refreshTokenGrace: number;
  /** Whether callbacks carry `iss`, and the metadata says so (RFC 9207); false, unless given. */
  announceIssuer: boolean;
  /** Seconds between two polls of a device, RFC 8628 section 3.2; 5, unless given. */
  deviceInterval: number;
  /** Seconds that the codes of a device live; 600, unless given. */
  deviceLifetime: number;
  /** The person who logs in without a login page, where `show_dialog` does not ask for it; null, unless given. */
  autoApprove: PersonName | null;
}

/** The issuer of a server that was told none. */
export const defaultIssuer = "https://provider.test";

/** Returns all settings, the given ones checked. */
export function readSettings(given: Partial<Settings>): Settings {
  checkSettings(given);
  return {
    issuer: given.issuer ?? defaultIssuer,
    rotation: given.rotation ?? "omit",
    expiresIn: given.expiresIn ?? 3600,
    refreshTokenLifetime: given.refreshTokenLifetime ?? 180 * 86_400,
    refreshTokenIdleLifetime: given.refreshTokenIdleLifetime ?? null,
    refreshTokenGrace: given.refreshTokenGrace ?? 0,
    announceIssuer: given.announceIssuer ?? false,
    deviceInterval: given.deviceInterval ?? 5,
    deviceLifetime: given.deviceLifetime ?? 600,
    autoApprove: given.autoApprove ?? null,
  };
}

const rotations: readonly Rotation[] = ["omit", "rotate", "strict", "grace", "sometimes"];

/** Refuses settings that make no sense; they may come from another process. */
export function checkSettings(settings: Partial<Settings>): void {
  const { issuer, rotation, expiresIn, refreshTokenLifetime, refreshTokenGrace, autoApprove } = settings;
  const { deviceInterval, deviceLifetime } = settings;
  const refreshTokenIdleLifetime = settings.refreshTokenIdleLifetime ?? undefined;
  if (issuer !== undefined && (!URL.canParse(issuer) || /[?#]/.test(issuer))) {
    throw new TypeError(`The issuer is an absolute URL without query and fragment, not "${issuer}".`);
  }
  if (rotation !== undefined && !rotations.includes(rotation)) {
    throw new TypeError(`rotation is one of ${rotations.join(", ")}, not "${rotation}".`);
  }
  for (const [name, seconds] of Object.entries({
    ...{ expiresIn, refreshTokenLifetime, refreshTokenIdleLifetime, refreshTokenGrace },
    ...{ deviceInterval, deviceLifetime },
  })) {
    if (seconds !== undefined && !(Number.isFinite(seconds) && seconds >= 0)) {
      throw new TypeError(`${name} is a number of seconds, not ${seconds}.`);
    }
  }
  if (autoApprove !== undefined && autoApprove !== null && autoApprove !== "ada" && autoApprove !== "grace") {
    throw new TypeError(`autoApprove is "ada", "grace" or null, not "${autoApprove}".`);
  }
}
