import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineProvider, type Provider, type ProviderInput } from "@pixy/core";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Clock,
  createAuthorizationServer,
  createClock,
  type Decision,
} from "@pixy/testing";
import { fileStore } from "../src/files/file-store.ts";
import type { NativeOptions } from "../src/options.ts";
import { type NativeAuth, pixy } from "../src/pixy.ts";
import type { LoginPrompt } from "../src/terminal/prompt.ts";
import type { Terminal } from "../src/terminal/terminal.ts";

/** A terminal that a test types into. */
export interface TypedTerminal extends Terminal {
  readonly written: string[];
  type(line: string | null): void;
}

export function typedTerminal(isInteractive = true): TypedTerminal {
  const lines: (string | null)[] = [];
  const readers: ((line: string | null) => void)[] = [];
  const written: string[] = [];
  return {
    ...{ isInteractive, columns: 80, written },
    write: (text) => void written.push(text),
    type(line) {
      const reader = readers.shift();
      if (reader) reader(line);
      else lines.push(line);
    },
    readLine(signal) {
      if (lines.length > 0) return Promise.resolve(lines.shift() as string | null);
      return new Promise((resolve) => {
        readers.push(resolve);
        signal.addEventListener("abort", () => resolve(null));
      });
    },
  };
}

export interface World {
  readonly server: AuthorizationServer;
  readonly clock: Clock;
  readonly provider: Provider;
  readonly directory: string;
  readonly prompts: LoginPrompt[];
  readonly terminal: TypedTerminal;
  readonly options: NativeOptions;
  /** The app; once more is the same app in another process. */
  app(more?: Partial<NativeOptions>): NativeAuth;
  /** Logs in without anything to see. */
  logIn(auth?: NativeAuth): Promise<void>;
}

const issuer = "https://provider.test";

/** A person's machine, a strict provider, and a browser that does what the person decides. */
export async function createWorld(
  given: AuthorizationServerOptions = {},
  person: Decision = "ada",
  describe: Partial<ProviderInput> = {},
): Promise<World> {
  const clock = createClock();
  const server = createAuthorizationServer({ clock, ...given });
  const provider = defineProvider({
    ...{ name: "fake", issuer, authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/api/token` },
    ...{ deviceAuthorizationEndpoint: `${issuer}/device_authorization`, api: issuer },
    ...describe,
  });
  const directory = join(await mkdtemp(join(tmpdir(), "pixy-native-")), "app");
  const prompts: LoginPrompt[] = [];
  const terminal = typedTerminal();
  const options: NativeOptions = {
    ...{ name: "now-playing", provider, clientId: "cli", scope: ["user-read-private"], terminal },
    store: fileStore({ directory, now: clock.now }),
    ...{ fetch: server.fetch, now: clock.now, show: (prompt) => void prompts.push(prompt) },
    machine: { platform: "linux", environment: { DISPLAY: ":0" }, home: "/nowhere" },
    openBrowser: async (url) => void (await fetch(await server.authorize(url, { person }))),
    wait: async (milliseconds) => void clock.advance(milliseconds),
  };
  const app = (more: Partial<NativeOptions> = {}) => pixy({ ...options, ...more });
  return {
    ...{ server, clock, provider, directory, prompts, terminal, options, app },
    async logIn(auth = app()) {
      await auth.login();
      server.reset();
    },
  };
}
