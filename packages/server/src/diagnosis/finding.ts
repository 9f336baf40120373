import { printable } from "@pixy/core";

/** One thing that a diagnosis looked at, in printable words for whoever runs the app. Never contains a secret. */
export interface Finding {
  /** `failure`: logins cannot work like this. `warning`: they work, and something will surprise you. */
  readonly level: "fine" | "warning" | "failure";
  /** Stable, for programs. */
  readonly code: string;
  readonly message: string;
  /** What to change; missing where nothing needs to. */
  readonly hint?: string;
}

export function fine(code: string, message: string): Finding {
  return { level: "fine", code, message: printable(message) };
}

export function warning(code: string, message: string, hint?: string): Finding {
  return {
    ...fine(code, message),
    level: "warning",
    ...(hint === undefined ? {} : { hint: printable(hint) }),
  };
}

export function failure(code: string, message: string, hint: string): Finding {
  return { ...warning(code, message, hint), level: "failure" };
}

/** Says why something could not be reached, with the cause that `fetch` hides, and without a password of a URL. */
export function reasonOf(error: unknown): string {
  const cause = (error as { cause?: unknown } | null)?.cause;
  const { message, code } = (cause ?? error ?? {}) as { message?: unknown; code?: unknown };
  // Where a name has several addresses, the cause has a code and no message.
  const text = String(message || code || error).slice(0, 300);
  return text.replace(/\/\/[^@\s/]*@/g, "//[redacted]@").replace(/[\s.]+$/, "");
}

/** Rejects when `work` takes longer than 10 seconds: a diagnosis ends, whatever hangs. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 10 seconds")), 10_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
