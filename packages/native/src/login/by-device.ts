import {
  type AttemptExtra,
  type Client,
  type DeviceAuthorization,
  type DevicePoll,
  pollDevice,
  requestDeviceAuthorization,
  TokenRequestError,
} from "@pixy/core";
import { LoginError } from "../errors.ts";
import type { NativeSettings } from "../options.ts";
import { writePrompt } from "../terminal/prompt.ts";
import { additionOf, collect, type Exchanged } from "./attempt.ts";

/** The longest pause between two polls, in seconds, however often the provider was away: nobody waits longer for a terminal. */
const longestPause = 60;

/** A login on another screen that the provider has agreed to. */
export interface DeviceLogin {
  readonly client: Client;
  readonly device: DeviceAuthorization;
  /** What the provider keeps for this login, such as the key of its proofs. */
  readonly extra: AttemptExtra | undefined;
}

/**
 * Asks for a code that is entered on another screen.
 *
 * @throws TokenRequestError
 */
export async function beginDevice(
  settings: NativeSettings,
  scope: readonly string[],
  signal: AbortSignal,
): Promise<DeviceLogin> {
  const { clientId, authentication, redirectUri, fetch, now } = settings;
  const provider = await settings.provider();
  const client: Client = { provider, clientId, authentication, redirectUri };
  // The request has no place for parameters of a login: what they would say is not asked for, and not checked.
  const { extra } = (await additionOf(settings, provider, { scope, state: "", codeChallenge: "" })) ?? {};
  return { client, device: await requestDeviceAuthorization(client, { scope, fetch, now, signal }), extra };
}

/** Whether the provider has said that this client gets no such code, as one that is registered for a browser alone. */
export function isRefusedDevice(error: unknown): boolean {
  return TokenRequestError.isInstance(error) && !isPassing(error);
}

/**
 * Logs in with a code that is entered on another screen.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.5 RFC 8628 section 3.5}
 * @throws LoginError `device_login_refused`, `device_code_expired`; TokenRequestError
 */
export async function loginByDevice(
  settings: NativeSettings,
  { client, device, extra }: DeviceLogin,
  scope: readonly string[],
  signal: AbortSignal,
): Promise<Exchanged> {
  const { terminal, fetch, now, wait } = settings;
  const { userCode, verificationUri, verificationUriComplete, expiresAt } = device;
  const prompt = { way: "device", userCode, verificationUri, verificationUriComplete, expiresAt } as const;
  if (settings.show) settings.show(prompt);
  else await writePrompt(terminal, prompt);
  // A minute at most: what is longer is nearly always meant as milliseconds, and might come after the code has expired.
  let interval = Math.min(device.interval, longestPause);
  const { found, onClaims, onKept } = collect();
  for (;;) {
    await wait(interval * 1000, signal);
    if (now() >= expiresAt) throw expired();
    let poll: DevicePoll;
    try {
      poll = await pollDevice(client, device, { scope, extra, fetch, now, signal, onClaims, onKept });
    } catch (error) {
      interval = pauseAfter(error, interval);
      continue;
    }
    switch (poll.state) {
      case "tokens":
        return found(poll.tokens);
      case "slowDown":
        interval += 5;
        break;
      case "expired":
        throw expired();
      case "denied":
        throw new LoginError("The login was refused on the other screen.", {
          code: "device_login_refused",
          hint: "Nothing was changed. Log in again, and agree there.",
        });
    }
  }
}

/** Seconds: twice as long where the provider is away, as the RFC wants it. Throws what will not pass. */
function pauseAfter(error: unknown, interval: number): number {
  if (!TokenRequestError.isInstance(error) || !isPassing(error)) throw error;
  return Math.max(interval, Math.min(longestPause, Math.max(interval * 2, error.retryAfter ?? 0)));
}

function isPassing({ outcome }: TokenRequestError): boolean {
  return outcome === "unavailable" || outcome === "unknown";
}

function expired(): LoginError {
  return new LoginError("The code has expired before it was entered.", {
    code: "device_code_expired",
    hint: "Nothing was changed. Log in again to get another code.",
  });
}
