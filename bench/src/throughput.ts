import { type Generator, type Load, load } from "./load.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

export interface Throughput {
  readonly name: string;
  /** Requests per second, the median of the rounds. */
  readonly perSecond: number;
  /** Share of the bare framework's requests per second, the median over the rounds. */
  readonly share: number;
  /** The same in the worst and in the best round. */
  readonly spread: readonly [lowest: number, highest: number];
  /** The same by processor time per request, which other work on the machine disturbs less. */
  readonly processorShare: number;
  /** Requests that were not answered with what a signed-in person gets. */
  readonly refused: number;
  /** Bytes of heap, after the load. */
  readonly heap: number;
}

export interface Plan {
  readonly framework: string;
  readonly names: readonly string[];
  readonly people: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly by?: Generator;
}

/** Loads every contender once in each round, `bare` first, so that what disturbs the machine disturbs all of them. */
export async function measureThroughput(plan: Plan): Promise<Throughput[]> {
  const running: { server: ServerProcess; cookies: readonly string[] }[] = [];
  try {
    for (const name of ["bare", ...plan.names]) {
      const server = await startServer(plan.framework, name);
      running.push({ server, cookies: [] });
      const cookies = await server.enter(plan.people);
      running[running.length - 1] = { server, cookies };
      await check(server, cookies[0] ?? "");
      // Everybody at least twice: opening a session for the first time is no part of what is measured.
      for (let warm = 0; warm < plan.people * 2 + 1; ) {
        warm += (await load(`${server.origin}/me`, cookies, plan.seconds)).requests;
      }
    }
    const rounds: Round[][] = running.map(() => []);
    for (let round = 0; round < plan.rounds; round++) {
      for (const [at, { server, cookies }] of running.entries()) {
        rounds[at]?.push(await measure(server, cookies, plan));
      }
    }
    const bare = rounds[0] ?? [];
    return await Promise.all(
      running.map(async ({ server }, at) => {
        const own = rounds[at] ?? [];
        const ratios = (of: (round: Round) => number, up: 1 | -1) =>
          own.map((round, index) => (of(round) / of(bare[index] as Round)) ** up);
        const shares = ratios((round) => round.perSecond, 1);
        return {
          name: server.name,
          perSecond: median(own.map((round) => round.perSecond)),
          share: median(shares),
          spread: [Math.min(...shares), Math.max(...shares)],
          processorShare: median(ratios((round) => round.processor, -1)),
          refused: own.reduce((sum, round) => sum + round.refused, 0),
          heap: (await server.usage()).heap,
        };
      }),
    );
  } finally {
    for (const { server } of running) server.stop();
  }
}

interface Round extends Load {
  /** Microseconds of processor time for each request. */
  readonly processor: number;
  readonly refused: number;
}

async function measure(server: ServerProcess, cookies: readonly string[], plan: Plan): Promise<Round> {
  const before = await server.usage();
  const result = await load(`${server.origin}/me`, cookies, plan.seconds, plan.by);
  const after = await server.usage();
  const served = after.served - before.served;
  // Requests that were under way at the end were served and not counted.
  const refused = Math.max(result.failed, result.requests - served);
  return { ...result, processor: (after.cpu - before.cpu) / served, refused };
}

/** A contender that lets everybody in, or nobody, measures nothing. */
async function check(server: ServerProcess, cookie: string): Promise<void> {
  const url = `${server.origin}/me`;
  const known = await fetch(url, { headers: { cookie }, redirect: "manual" });
  const text = await known.text();
  if (known.status !== 200 || text !== '{"name":"Ada Lovelace 00000"}') {
    throw new Error(`${server.name} answers ${known.status} ${text} to somebody who is signed in.`);
  }
  const stranger = await fetch(url, { redirect: "manual" });
  await stranger.arrayBuffer();
  if (server.name !== "bare" && stranger.status === 200) throw new Error(`${server.name} lets everybody in.`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
