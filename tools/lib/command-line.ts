import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuthorizationServer,
  countOutcomes,
  type Outcome,
  type ProgramVisitor,
  type VisitorState,
} from "@pixy/testing";
import { environmentWith, root } from "./example.ts";

export interface CommandLineOptions {
  readonly provider: Pick<AuthorizationServer, "authorize">;
  readonly providerUrl: () => string;
  /** Processes at once; each is a whole Node. */
  readonly most?: number;
  /** What Node is told, such as `--conditions=@pixy/source`. */
  readonly nodeOptions?: readonly string[];
}

/** The control page's Ada at `examples/native`: real processes, on files in a folder of their own. */
export interface CommandLine extends ProgramVisitor {
  close(): Promise<void>;
}

/** Longer than the example waits for a provider. */
const patienceMs = 60_000;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
}

export function createCommandLine(options: CommandLineOptions): CommandLine {
  const { provider, providerUrl, most = 10, nodeOptions = [] } = options;
  const home = mkdtempSync(join(tmpdir(), "pixy-command-line-"));
  let state: VisitorState = "new";

  /** Runs a command to its end. `reply` sees what it has written to the terminal, and says what to type: null ends the input. */
  async function run(
    words: readonly string[],
    reply?: (text: string) => Promise<string | null> | undefined,
  ): Promise<Ended> {
    const child = spawn(process.execPath, [...nodeOptions, join(root, "examples/native/src/main.ts"), ...words], {
      env: environmentWith({ PROVIDER_URL: providerUrl(), HOME: home, XDG_STATE_HOME: home, APPDATA: home }),
      timeout: patienceMs,
    });
    let [stdout, stderr] = ["", ""];
    child.stdin.on("error", () => {}); // it has ended
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      void reply?.(stderr)?.then((line) => (line === null ? child.stdin.end() : child.stdin.write(`${line}\n`)));
    });
    if (reply === undefined) child.stdin.end();
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, stdout };
  }

  async function look(): Promise<VisitorState> {
    const { exitCode } = await run(["status"]);
    state = exitCode === 0 ? "loggedIn" : exitCode === 4 ? "loggedOut" : "unknown";
    return state;
  }

  return {
    most,
    get state() {
      return state;
    },
    owns: (redirectUri) => /^http:\/\/127\.0\.0\.1(:\d+)?\/callback$/.test(redirectUri),
    look,
    async logIn() {
      let isAsked = false;
      const { exitCode } = await run(["login", "--paste"], (text) => {
        const url = / {2}(http\S+)\n/.exec(text)?.[1];
        if (url === undefined || isAsked) return undefined;
        isAsked = true;
        return provider.authorize(url, { person: "ada" }).catch(() => null);
      });
      state = exitCode === 0 ? "loggedIn" : await look();
      return state;
    },
    async requestAtOnce(count) {
      const ends = await Promise.all(Array.from({ length: count }, () => run(["whoami", "--json"])));
      const outcomes = ends.map(outcomeOf);
      if (outcomes.some(({ mood }) => mood !== "good")) await look();
      return countOutcomes(outcomes);
    },
    async logOut() {
      await run(["logout"]);
      return look();
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

function outcomeOf({ exitCode, stdout }: Ended): Outcome {
  const mood = exitCode === 0 ? "good" : exitCode === 4 ? "refused" : "bad";
  const code = mood === "good" ? undefined : /"code":"(\w+)"/.exec(stdout)?.[1];
  return { status: null, code: `exit code ${exitCode}${code === undefined ? "" : ` ${code}`}`, count: 1, mood };
}
