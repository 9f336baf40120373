import process from "node:process";
import { createInterface, type Interface } from "node:readline";

/** Where a person is talked to during a login. */
export interface Terminal {
  /** Whether somebody sits there who can type. */
  readonly isInteractive: boolean;
  /** How wide it is, in characters. */
  readonly columns: number;
  write(text: string): void;
  /** The next line that is typed; `null` at the end of the input, and once `signal` aborts. */
  readLine(signal: AbortSignal): Promise<string | null>;
}

/** Writes to standard error, so that what a program prints stays its own, and reads from standard input. */
export function processTerminal(): Terminal {
  return {
    get isInteractive() {
      return Boolean(process.stdin.isTTY && process.stderr.isTTY);
    },
    get columns() {
      return process.stderr.columns ?? 80;
    },
    write: (text) => void process.stderr.write(text),
    readLine: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(null);
        // Not as a terminal: then Ctrl-C stays the signal that it is.
        const lines: Interface = createInterface({ input: process.stdin, terminal: false });
        let answer: string | null = null;
        const close = () => lines.close();
        signal.addEventListener("abort", close, { once: true });
        lines.once("line", (line) => {
          answer = line;
          lines.close();
        });
        lines.once("close", () => {
          signal.removeEventListener("abort", close);
          // Or it would keep the process from ending.
          process.stdin.pause();
          process.stdin.unref?.();
          resolve(answer);
        });
        process.stdin.ref?.();
      }),
  };
}
