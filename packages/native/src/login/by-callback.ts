import { PixyError } from "@pixy/core";
import type { NativeSettings } from "../options.ts";
import { writePrompt } from "../terminal/prompt.ts";
import { type Attempt, beginAttempt, type Exchanged } from "./attempt.ts";
import { pageOfFailure, pageOfSuccess } from "./closing-page.ts";
import { cancelled, whenAborted } from "./limits.ts";
import { isLoopbackUri, openLoopback } from "./loopback.ts";
import { readPasted } from "./pasted.ts";

/** A login whose answer comes by redirect: to a listener, to the app's own scheme, or by way of the clipboard. */
export interface ByCallback {
  readonly way: "browser" | "paste";
  readonly scope: readonly string[];
  /** Told of the attempt while it is under way, so that `callback()` finds it. */
  readonly during: (attempt: Attempt) => () => void;
}

export async function loginByCallback(
  settings: NativeSettings,
  { way, scope, during }: ByCallback,
  signal: AbortSignal,
): Promise<Exchanged> {
  const { name, terminal, redirectUri } = settings;
  const loopback = isLoopbackUri(redirectUri) ? await openLoopback(redirectUri) : null;
  const reading = new AbortController();
  try {
    const attempt = await beginAttempt(settings, loopback?.redirectUri ?? redirectUri, scope, signal);
    const end = during(attempt);
    try {
      loopback?.serve((url) => {
        const exchanged = attempt.receive(url);
        return (
          exchanged?.then(
            () => pageOfSuccess(name),
            (error: unknown) =>
              pageOfFailure(name, PixyError.isInstance(error) ? error.message : "Something went wrong."),
          ) ?? null
        );
      });
      const paste = way === "paste" || (terminal.isInteractive && loopback !== null);
      const prompt = { way, url: attempt.url, paste } as const;
      if (settings.show) settings.show(prompt);
      else await writePrompt(terminal, prompt);
      const others: Promise<Exchanged>[] = [];
      if (paste) others.push(askForPaste(settings, attempt, way, reading.signal));
      // Not awaited before the rest: a browser may log in before whoever opened it returns.
      if (way === "browser") others.push(openBrowser(settings, attempt));
      return await Promise.race([attempt.exchanged, whenAborted(signal), ...others]);
    } finally {
      end();
    }
  } finally {
    reading.abort();
    await loopback?.close();
  }
}

async function openBrowser(settings: NativeSettings, { url, exchanged }: Attempt): Promise<Exchanged> {
  await settings.openBrowser(url);
  return exchanged;
}

/** Reads until something usable was pasted. It ends the login only where nothing else could. */
async function askForPaste(
  { terminal }: NativeSettings,
  attempt: Attempt,
  way: ByCallback["way"],
  signal: AbortSignal,
): Promise<Exchanged> {
  for (;;) {
    const line = await terminal.readLine(signal);
    if (line === null && way === "paste" && !signal.aborted)
      throw cancelled("The input ended before an address was pasted.");
    if (line === null) return attempt.exchanged;
    const pasted = readPasted(line, attempt);
    if ("answer" in pasted) {
      void attempt.receive(pasted.answer);
      return attempt.exchanged;
    }
    terminal.write(`${pasted.problem}\n`);
  }
}
