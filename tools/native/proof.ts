import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fileStore, pixy } from "@pixy/native";
import { spotifyAt } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, runningClock, serve } from "@pixy/testing";
import type { Round } from "./verdict.ts";

/** One person's machine with a directory of tokens, and a provider that rotates strictly and counts. */
export interface Machine {
  /** Starts processes that all find the access token expired, and does something to one of them. */
  round(processes: number, trouble?: Trouble): Promise<Round>;
  close(): Promise<void>;
}

export interface Trouble {
  readonly signal: "SIGKILL" | "SIGSTOP";
  /** Milliseconds after the start, to the first process. Without it, to whose token request has come to the provider. */
  readonly after?: number;
  /** Milliseconds for which a stopped process sleeps. */
  readonly sleep?: number;
}

const workerFile = fileURLToPath(new URL("worker.ts", import.meta.url));
/** Longer than an access token lives. */
const hours = 7_200_000;

interface Counts {
  requests: number;
  running: number;
  most: number;
  /** Whose token requests the provider has acted upon. */
  readonly served: Set<string>;
  /** Hears whose token request has come. */
  readonly heard: (worker: string) => void;
}

function createCounts(heard: Counts["heard"] = () => {}): Counts {
  return { requests: 0, running: 0, most: 0, served: new Set(), heard };
}

export async function createMachine(): Promise<Machine> {
  const clock = runningClock();
  const now = () => clock.now();
  const provider = createAuthorizationServer({ rotation: "strict", clock });
  let counts = createCounts();
  const server = await serve(Object.assign(Object.create(provider), { handle: counting(provider, () => counts) }));
  provider.configure({ issuer: server.url });
  const directory = join(await mkdtemp(join(tmpdir(), "pixy-proof-")), "app");
  const auth = pixy({
    ...{ name: "proof", provider: spotifyAt(server.url), clientId: "proof", now, show: () => {} },
    ...{ store: fileStore({ directory, now }), scope: ["user-read-private"] },
    openBrowser: async (url) => void (await fetch(await provider.authorize(url, { person: "ada" }))),
  });
  const children = new Set<ChildProcess>();

  async function start(id: string): Promise<{ child: ChildProcess; result: Promise<string> }> {
    const environment = {
      PROVIDER_URL: server.url,
      DIRECTORY: directory,
      AHEAD: String(clock.now() - Date.now()),
      ID: id,
    };
    const child = fork(workerFile, [], {
      execArgv: ["--conditions=@pixy/source"],
      env: { PATH: process.env.PATH, ...environment },
    });
    children.add(child);
    await once(child, "message");
    const result = new Promise<string>((resolve) => {
      child.once("message", (message: { readonly result?: string }) => {
        resolve(message.result ?? "nothing");
        // It ends when it is let go: one that ended by itself might do so before its message has arrived.
        child.disconnect();
      });
      child.once("exit", () => {
        children.delete(child);
        resolve("killed");
      });
    });
    return { child, result };
  }

  return {
    async round(processes, trouble) {
      await auth.login({ way: "browser" });
      clock.advance(hours);
      const asked = new Promise<string>((resolve) => {
        counts = createCounts(resolve);
      });
      const started = await Promise.all(Array.from({ length: processes }, (_, index) => start(String(index))));
      const began = performance.now();
      for (const { child } of started) child.send({ go: true });
      const all = Promise.all(started.map(({ result }) => result));
      let done = 0;
      for (const { result } of started) void result.then(() => done++);
      let doneMeanwhile: number | null = null;
      if (trouble !== undefined) {
        const { signal, after, sleep = 1_000 } = trouble;
        // Where none has come by the end, nothing is done to anybody, and the verdict has no token request.
        const hit = after === undefined ? await Promise.race([asked, all.then(() => "")]) : await wait(after, "0");
        const victim = hit === "" ? undefined : started[Number(hit)]?.child;
        victim?.kill(signal);
        if (signal === "SIGSTOP") {
          const before = done;
          await wait(sleep);
          doneMeanwhile = done - before;
          victim?.kill("SIGCONT");
        }
      }
      const results = await all;
      const milliseconds = Math.round(performance.now() - began);
      const after = await start("after");
      after.child.send({ go: true });
      return {
        ...{ processes, trouble: trouble?.signal ?? null, results, after: await after.result, milliseconds },
        doneMeanwhile,
        ...{ tokenRequests: counts.requests, atOnce: counts.most, isVictimServed: counts.served.has("0") },
      };
    },
    async close() {
      for (const child of children) child.kill("SIGKILL");
      await server.close();
      await rm(join(directory, ".."), { recursive: true, force: true });
    },
  };
}

function counting(provider: AuthorizationServer, current: () => Counts): AuthorizationServer["handle"] {
  return async (request) => {
    const isRefresh = request.method === "POST" && (await request.clone().text()).includes("grant_type=refresh_token");
    if (!isRefresh) return provider.handle(request);
    const counts = current();
    counts.requests++;
    counts.heard(request.headers.get("x-worker") ?? "");
    counts.most = Math.max(counts.most, ++counts.running);
    try {
      // Long enough for whoever would not wait.
      await wait(150);
      counts.served.add(request.headers.get("x-worker") ?? "");
      return await provider.handle(request);
    } finally {
      counts.running--;
    }
  };
}
