import type { RequestKind } from "./recorded-request.ts";

/** What goes wrong. Everything is plain JSON, so that another process can ask for it too. */
export type FaultBehaviour =
  /** A JSON error with this status; `retryAfter` becomes the header as it stands. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: number | string; readonly body?: unknown }
  /** An HTML page, as a proxy in between serves it. */
  | { readonly kind: "html"; readonly status: number }
  /** Plain text, as Spotify answers when the app's owner has no Premium subscription. */
  | { readonly kind: "text"; readonly status: number; readonly body?: string }
  /** No answer, ever. */
  | { readonly kind: "hang" }
  /** The normal answer, so many milliseconds later. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The connection dies before the server did anything. */
  | { readonly kind: "reset-before-consume" }
  /** The server does everything, then the connection dies before the answer. */
  | { readonly kind: "reset-after-consume" }
  /** A redirect; without `location` to a path of this server where a visit is recorded as a violation. */
  | { readonly kind: "redirect"; readonly status?: 301 | 302 | 303 | 307 | 308; readonly location?: string }
  /** A JSON answer of so many bytes (10 MB, unless given). */
  | { readonly kind: "huge-body"; readonly bytes?: number }
  /** The first half of the normal answer. */
  | { readonly kind: "half-json" }
  /** The normal JSON answer with members set or removed: no `expires_in`, `token_type: "bearer"`, … */
  | { readonly kind: "members"; readonly set?: Readonly<Record<string, unknown>>; readonly remove?: readonly string[] }
  /** This text instead of the normal answer, with status 200 and the content type of JSON, unless given. */
  | { readonly kind: "body"; readonly body: string; readonly contentType?: string }
  /** A 401 although the access token is good. */
  | { readonly kind: "unauthorized" };

/** A behaviour, and the requests that it hits. */
export type Fault = FaultBehaviour & {
  /** The endpoint that misbehaves. */
  readonly at: RequestKind;
  /** Only token requests with this grant type. */
  readonly grantType?: string;
  /** So many requests; until the faults are cleared, unless given. */
  readonly times?: number;
  /** Whether codes and refresh tokens are consumed before the answer goes wrong. */
  readonly consume?: boolean;
};

const consuming: readonly string[] = ["delay", "reset-after-consume", "huge-body", "half-json", "members", "body"];
/** Every kind of fault. */
export const kinds: readonly string[] = [
  ...consuming,
  ...["status", "html", "text", "hang", "reset-before-consume", "redirect", "unauthorized"],
];
const endpoints: readonly string[] = ["authorize", "token", "revoke", "device", "verify", "api", "metadata", "other"];

/** Says whether the server does its work before a fault spoils the answer. */
export function consumes(fault: Fault): boolean {
  if (fault.kind === "reset-before-consume") return false;
  return fault.consume ?? (consuming.includes(fault.kind) || (fault.kind === "html" && fault.status < 300));
}

export interface FaultQueue {
  /** Adds a fault; faults act in the order in which they were added. */
  add(fault: Fault): void;
  /** Takes the fault that hits a request, or returns undefined. */
  take(at: RequestKind, grantType: string | undefined): Fault | undefined;
  clear(): void;
  list(): readonly Fault[];
}

export function createFaultQueue(): FaultQueue {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      check(fault);
      waiting.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    take(at, grantType) {
      const next = waiting.find(
        ({ fault }) => fault.at === at && (fault.grantType === undefined || fault.grantType === grantType),
      );
      if (next === undefined) return undefined;
      next.left -= 1;
      if (next.left <= 0) waiting = waiting.filter((entry) => entry !== next);
      return next.fault;
    },
    clear() {
      waiting = [];
    },
    list: () => waiting.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
  };
}

function check(fault: Fault): void {
  if (!kinds.includes(fault.kind)) throw new TypeError(`"${fault.kind}" is no fault; kinds: ${kinds.join(", ")}.`);
  if (!endpoints.includes(fault.at)) throw new TypeError(`"at" is one of ${endpoints.join(", ")}, not "${fault.at}".`);
  const { times } = fault;
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    throw new TypeError(`"times" is a positive integer, or left out for "until cleared", not ${times}.`);
  }
}
