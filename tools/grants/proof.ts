import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createGrants, type Grants } from "@pixy/grants";
import { spotifyAt } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, serve } from "@pixy/testing";
import { type KillPoint, killPoints, type Order, type Report } from "./order.ts";
import { openStore, withoutOf } from "./store.ts";

/** What the provider has counted of one grant. */
interface Count {
  requests: number;
  running: number;
  /** The most that were on their way at once. */
  most: number;
}

export interface Crowd {
  readonly processes: number;
  readonly calls: number;
  readonly tokenRequests: number;
  /** What the calls came to. */
  readonly outcomes: Report;
  readonly milliseconds: number;
}

export interface Kill {
  /** What happened there: the process got a signal, or it stood still while the store was restarted. */
  readonly signal: "SIGKILL" | "SIGSTOP" | "restart";
  readonly point: KillPoint;
  /** Whether the process came there. */
  readonly isHit: boolean;
  readonly tokenRequests: number;
  /** The most token requests of this grant that were on their way at once. */
  readonly atOnce: number;
  /** The processes that were left: what their calls came to. */
  readonly others: Report;
  /** What a call comes to once everything is over, in a process that was not there. */
  readonly after: Report;
}

interface Stage {
  /** One grant whose access token has expired, in a process of its own each. */
  crowd(processes: number, callsEach: number): Promise<Crowd>;
  kills(signal: "SIGKILL" | "SIGSTOP"): Promise<readonly Kill[]>;
  /** At each point a process waits; then `restart` restarts the store under all of them, and they go on. */
  restarts(restart: () => Promise<void>): Promise<readonly Kill[]>;
  close(): Promise<void>;
}

interface Member {
  readonly child: ChildProcess;
  run(order: Omit<Order, "id">): Promise<Report>;
}

const workerFile = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A provider that rotates strictly and revokes on reuse, processes that share a store, and who counts at the provider. */
export async function createStage(storeUrl: string): Promise<Stage> {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const counts = new Map<string, Count>();
  const familyOf = new Map<string, string>();
  const server = await serve(Object.assign(Object.create(provider), { handle: counting(provider, counts, familyOf) }));
  provider.configure({ issuer: server.url });
  const prefix = `proof-${randomBytes(6).toString("hex")}`;
  const secret = randomBytes(32).toString("base64url");
  const { store, close } = await openStore(storeUrl, prefix);
  const grants: Grants = createGrants({
    providers: { spotify: { provider: spotifyAt(server.url), clientId: "proof" } },
    ...{ secret, store, onEvent: () => {}, without: withoutOf(store) },
  });
  const members: Member[] = [];

  async function start(): Promise<Member> {
    const environment = { PROVIDER_URL: server.url, STORE_URL: storeUrl, PREFIX: prefix, SECRET: secret };
    const child = fork(workerFile, [], {
      execArgv: ["--conditions=@pixy/source"],
      env: { PATH: process.env.PATH, ...environment },
    });
    await once(child, "message");
    const waiting = new Map<number, (report: Report) => void>();
    child.on("message", ({ id, report }: { readonly id?: number; readonly report?: Report }) => {
      if (id !== undefined && report !== undefined) waiting.get(id)?.(report);
    });
    child.once("exit", () => {
      for (const resolve of waiting.values()) resolve({});
    });
    const member: Member = {
      child,
      run: (order) =>
        new Promise((resolve) => {
          const id = waiting.size;
          waiting.set(id, resolve);
          child.send({ ...order, id });
        }),
    };
    members.push(member);
    return member;
  }

  async function saveExpired(owner: string): Promise<Count> {
    const issued = provider.issueTokens({ clientId: "proof", person: "ada", scope: ["user-read-private"] });
    const count: Count = { requests: 0, running: 0, most: 0 };
    counts.set(owner, count);
    familyOf.set(issued.refreshToken ?? "", owner);
    await grants.save({ owner }, { ...issued, createdAt: Date.now() - issued.expiresIn * 1000 - 1 });
    return count;
  }

  /** `meanwhile` begins once the process has come to the point. */
  async function kill(
    signal: Kill["signal"],
    point: KillPoint,
    others: readonly Member[],
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<Kill> {
    const owner = `${signal} ${point}`;
    const count = await saveExpired(owner);
    const holder = await start();
    let isHit = false;
    const reached = new Promise<void>((resolve) => {
      holder.child.on("message", (message: { readonly reached?: KillPoint }) => {
        if (message.reached === point) isHit = true;
        if (isHit) resolve();
      });
      setTimeout(resolve, 20_000).unref();
    });
    const held = holder.run({ owner, calls: 5, dieAt: point, signal: signal === "SIGKILL" ? "SIGKILL" : "SIGSTOP" });
    await reached;
    await meanwhile();
    if (signal === "restart") holder.child.kill("SIGCONT");
    const reports = await Promise.all(others.map((other) => other.run({ owner, calls: 5 })));
    if (signal === "SIGSTOP") holder.child.kill("SIGCONT");
    await held;
    const after = await (others[0] as Member).run({ owner, calls: 1 });
    holder.child.kill("SIGKILL");
    return {
      ...{ signal, point, isHit, tokenRequests: count.requests, atOnce: count.most },
      ...{ others: sum(reports), after },
    };
  }

  return {
    async crowd(processes, calls) {
      const owner = `crowd of ${processes}`;
      const count = await saveExpired(owner);
      const crowd = await Promise.all(Array.from({ length: processes }, start));
      const began = performance.now();
      const reports = sum(await Promise.all(crowd.map((member) => member.run({ owner, calls }))));
      const milliseconds = Math.round(performance.now() - began);
      for (const { child } of crowd) child.kill("SIGKILL");
      return {
        ...{ processes, calls: processes * calls, tokenRequests: count.requests, milliseconds },
        outcomes: reports,
      };
    },
    async kills(signal) {
      const others = await Promise.all([start(), start()]);
      return Promise.all(killPoints.map((point) => kill(signal, point, others)));
    },
    async restarts(restart) {
      const others = await Promise.all([start(), start()]);
      let reached = 0;
      let goOn = (): void => {};
      const restarted = new Promise<void>((resolve, reject) => {
        goOn = () => void restart().then(resolve, reject);
      });
      const meanwhile = (): Promise<void> => {
        if (++reached === killPoints.length) goOn();
        return restarted;
      };
      return Promise.all(killPoints.map((point) => kill("restart", point, others, meanwhile)));
    },
    async close() {
      for (const { child } of members) child.kill("SIGKILL");
      await close();
      await server.close();
    },
  };
}

/** Counts the token requests of each grant, which is known by the tokens that were issued to it. */
function counting(
  provider: AuthorizationServer,
  counts: ReadonlyMap<string, Count>,
  familyOf: Map<string, string>,
): AuthorizationServer["handle"] {
  return async (request) => {
    const text = request.method === "POST" ? await request.clone().text() : "";
    const owner = familyOf.get(new URLSearchParams(text).get("refresh_token") ?? "");
    const count = owner === undefined ? undefined : counts.get(owner);
    if (owner === undefined || count === undefined) return provider.handle(request);
    count.requests++;
    count.most = Math.max(count.most, ++count.running);
    try {
      // Long enough for whoever does not wait for the lease.
      await wait(200);
      const answer = await provider.handle(request);
      if (answer.kind !== "response") return answer;
      const members = (await answer.response.clone().json()) as { readonly refresh_token?: string };
      if (members.refresh_token !== undefined) familyOf.set(members.refresh_token, owner);
      return answer;
    } finally {
      count.running--;
    }
  };
}

function sum(reports: readonly Report[]): Report {
  const total: Record<string, number> = {};
  for (const report of reports) {
    for (const [name, count] of Object.entries(report)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}
