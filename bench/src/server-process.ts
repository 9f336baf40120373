import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export interface Usage {
  /** Microseconds of processor time since the start. */
  readonly cpu: number;
  /** Requests of signed-in people that were answered since the start. */
  readonly served: number;
  /** Bytes. */
  readonly heap: number;
}

/** A contender that runs in a process of its own. */
export interface ServerProcess {
  readonly name: string;
  readonly origin: string;
  /** Signs people in and returns their Cookie headers. */
  enter(people: number): Promise<string[]>;
  usage(): Promise<Usage>;
  stop(): void;
}

export async function startServer(framework: string, name: string): Promise<ServerProcess> {
  const child = fork(new URL("./servers/main.ts", import.meta.url), [framework, name], {
    execArgv: ["--expose-gc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const { origin } = await reply<{ origin: string }>(child, name);
  return {
    name,
    origin,
    async enter(people) {
      child.send({ enter: people });
      return (await reply<{ cookies: string[] }>(child, name)).cookies;
    },
    usage() {
      child.send({ usage: true });
      return reply<Usage>(child, name);
    },
    stop: () => child.kill(),
  };
}

async function reply<Message>(child: ChildProcess, name: string): Promise<Message> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const gone: Promise<never> = once(child, "exit", { signal }).then(() => {
      throw new Error(`${name} ended by itself.`);
    });
    const [message] = (await Promise.race([once(child, "message", { signal }), gone])) as [Message];
    return message;
  } finally {
    settled.abort();
  }
}
