import type { Terminal } from "./terminal.ts";

/** What a person is asked to do. */
export type LoginPrompt =
  /** The browser was opened there, or is to be; `paste`: the address that it ends at may be typed in. */
  | { readonly way: "browser" | "paste"; readonly url: string; readonly paste: boolean }
  | {
      readonly way: "device";
      readonly userCode: string;
      readonly verificationUri: string;
      /** The same with the code in it; `null` where the provider gives none. */
      readonly verificationUriComplete: string | null;
      /** Milliseconds since 1970. */
      readonly expiresAt: number;
    };

/** Writes a prompt to a terminal. */
export async function writePrompt(terminal: Terminal, prompt: LoginPrompt): Promise<void> {
  if (prompt.way === "device") return writeCode(terminal, prompt);
  const start =
    prompt.way === "browser"
      ? "Log in with the browser that opens now. If none does, go to:"
      : "To log in, open this address in a browser, on this machine or another:";
  terminal.write(`${start}\n\n  ${prompt.url}\n\n`);
  if (!prompt.paste) return;
  terminal.write(
    prompt.way === "browser"
      ? "A browser on another machine ends at an address that it cannot open: paste that address here.\n"
      : "The browser may end at a page that it cannot open. Copy that page's address, and paste it here:\n",
  );
}

async function writeCode(terminal: Terminal, prompt: LoginPrompt & { readonly way: "device" }): Promise<void> {
  const { userCode, verificationUri, verificationUriComplete } = prompt;
  terminal.write(
    `To log in, open this address on any device and enter the code:\n\n  ${verificationUri}\n\n  ${userCode}\n\n`,
  );
  if (!terminal.isInteractive) return;
  const { renderUnicodeCompact } = await import("uqr");
  const picture = renderUnicodeCompact(verificationUriComplete ?? verificationUri);
  // Half a picture is none.
  if (picture.indexOf("\n") <= terminal.columns) terminal.write(`${picture}\n\n`);
}
