import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import process from "node:process";

/** The machine, as far as it decides where files live. */
export interface Machine {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person's home directory. */
  readonly home: string;
}

/**
 * Returns the directory of an app's tokens: `$XDG_STATE_HOME/NAME` (else `~/.local/state/NAME`),
 * `~/Library/Application Support/NAME`, `%APPDATA%\NAME`. State, and not configuration: what rotates must not be copied to
 * another machine.
 *
 * @see {@link https://specifications.freedesktop.org/basedir/latest/ XDG Base Directory Specification}
 */
export function appDirectory(name: string, { platform, environment, home }: Machine = thisMachine()): string {
  if (platform === "win32") {
    return win32.join(environment.APPDATA || win32.join(home, "AppData", "Roaming"), name);
  }
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", name);
  const state = environment.XDG_STATE_HOME ?? "";
  // The specification has a relative path ignored.
  return posix.join(posix.isAbsolute(state) ? state : posix.join(home, ".local", "state"), name);
}

export function thisMachine(): Machine {
  return { platform: process.platform, environment: process.env, home: homedir() };
}
