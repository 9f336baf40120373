import type { Clock } from "./clock.ts";
import { setLatest } from "./latest.ts";
import { type Decision, type Person, people } from "./people.ts";
import { randomToken } from "./random.ts";
import type { Settings } from "./settings.ts";

export const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code";

/** A login that a device began and a person answers on another screen, RFC 8628. */
export interface DeviceLogin {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Seconds; each poll that comes too early adds five. */
  interval: number;
  polledAt: number | null;
  decision: Decision | null;
  isUsed: boolean;
}

export type PollProblem = "authorization_pending" | "slow_down" | "access_denied" | "expired_token" | "invalid_grant";

export interface Devices {
  begin(login: Pick<DeviceLogin, "clientId" | "scope">): DeviceLogin;
  find(deviceCode: string): DeviceLogin | undefined;
  /** The login of a code as a person types it: in any case, with or without the hyphen. */
  findByUserCode(userCode: string): DeviceLogin | undefined;
  /** Notes what the person said; false for a code that there is not, that has ended, or that was answered. */
  decide(userCode: string, decision: Decision): boolean;
  poll(login: DeviceLogin): Person | PollProblem;
}

/** A server that runs for weeks forgets the oldest. */
const mostLogins = 10_000;

// No vowels, so that no code is a word (RFC 8628 section 6.1).
const letters = "BCDFGHJKLMNPQRSTVWXZ";

export function createDevices(settings: Settings, clock: Clock): Devices {
  const logins = new Map<string, DeviceLogin>();
  const byUserCode = new Map<string, DeviceLogin>();

  const findByUserCode = (userCode: string) => byUserCode.get(plain(userCode));

  return {
    begin({ clientId, scope }) {
      const userCode = newUserCode();
      const login: DeviceLogin = {
        ...{ deviceCode: randomToken("device-"), userCode, clientId, scope },
        ...{ expiresAt: clock.now() + settings.deviceLifetime * 1000, interval: settings.deviceInterval },
        ...{ polledAt: null, decision: null, isUsed: false },
      };
      setLatest(logins, login.deviceCode, login, mostLogins);
      setLatest(byUserCode, plain(userCode), login, mostLogins);
      return login;
    },
    find: (deviceCode) => logins.get(deviceCode),
    findByUserCode,
    decide(userCode, decision) {
      const login = findByUserCode(userCode);
      if (login === undefined || login.decision !== null || clock.now() >= login.expiresAt) return false;
      login.decision = decision;
      return true;
    },
    poll(login) {
      const now = clock.now();
      const early = login.polledAt !== null && now < login.polledAt + login.interval * 1000;
      login.polledAt = now;
      if (login.isUsed) return "invalid_grant";
      if (now >= login.expiresAt) return "expired_token";
      if (early) {
        login.interval += 5;
        return "slow_down";
      }
      if (login.decision === null) return "authorization_pending";
      if (login.decision === "deny") return "access_denied";
      login.isUsed = true;
      return people[login.decision];
    },
  };
}

function newUserCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  const code = [...bytes].map((byte) => letters[byte % letters.length]).join("");
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

function plain(userCode: string): string {
  return userCode.replace(/[^a-z]/gi, "").toUpperCase();
}
