import { ConfigurationError } from "@pixy/core";
import { readSecrets, type SecretInput } from "@pixy/grants";
import { isLoopback } from "../settings/base-url.ts";
import type { PixyOptions } from "../settings/options.ts";
import type { Settings } from "../settings/settings.ts";
import { readOptions } from "../settings/settings.ts";
import { type Finding, failure, fine, warning } from "./finding.ts";

/** What the options say by themselves, without asking anybody. */
export interface CheckedSettings<Data> {
  /** `null` when the options cannot be used. */
  readonly settings: Settings<Data> | null;
  readonly findings: readonly Finding[];
}

/** Checks the options as an app does at its start, and spells out what follows from them. */
export function checkSettings<Data>(options: PixyOptions<Data>): CheckedSettings<Data> {
  const findings: Finding[] = [];
  try {
    const settings = readOptions<Data>({
      ...options,
      onEvent(event) {
        if (event.type === "set-up.warning") findings.push(warning(event.code, event.message));
      },
    });
    return { settings, findings: [...describe(settings), ...findings] };
  } catch (error) {
    const found = refusal(error);
    const other = found.code === "invalid_secret" || options.grants !== undefined ? null : secretProblem(options);
    return { settings: null, findings: other === null ? [found] : [found, other] };
  }
}

function refusal(error: unknown): Finding {
  if (ConfigurationError.isInstance(error)) return failure(error.code, error.message, error.hint);
  throw error;
}

/** Options are read up to the first mistake; the secret stands on its own, and is a second one often enough. */
function secretProblem<Data>({ secret }: PixyOptions<Data>): Finding | null {
  try {
    readSecrets(secret as SecretInput);
    return null;
  } catch (error) {
    return refusal(error);
  }
}

function describe<Data>(settings: Settings<Data>): Finding[] {
  const { baseUrl, basePath, ways, secure, cookies } = settings;
  const place = isLoopback(baseUrl) ? "on this machine only" : "from anywhere";
  return [
    fine("base_url", `People reach the app at ${baseUrl.origin}${basePath}, ${place}.`),
    ...ways.map(({ name, clientId, redirectUri }) =>
      fine("redirect_uri", `Register exactly this redirect URI for ${clientId} at ${name}: ${redirectUri}`),
    ),
    fine(
      "cookies",
      secure
        ? `The cookie ${cookies.session} is sent over https only, and belongs to ${baseUrl.hostname} alone.`
        : `The cookie ${cookies.session} is sent over http, which is right on loopback; with https it becomes Secure.`,
    ),
    fine("secret", "The secret is long enough and looks random."),
  ];
}
