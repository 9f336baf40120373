/**
 * Proves on tokens in files that one expired token is refreshed once, however many processes ask, and what processes cost
 * that are killed or stopped at random. `--rounds N` and `--troubles N` say how often; 10 and 32.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createStage } from "../grants/proof.ts";
import { judge } from "../grants/verdict.ts";
import { createMachine, type Trouble } from "./proof.ts";
import { problemsOf, type Round } from "./verdict.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "10" }, troubles: { type: "string", default: "32" } },
});
const problems: string[] = [];

function note(rounds: readonly Round[]): void {
  console.table(
    rounds.map(({ results, processes, ...rest }) => ({
      ...{ processes, ...rest },
      results: [...new Set(results)]
        .map((result) => `${result} x ${results.filter((one) => one === result).length}`)
        .join(", "),
    })),
  );
  problems.push(...rounds.flatMap(problemsOf));
}

async function withMachine(
  work: (machine: Awaited<ReturnType<typeof createMachine>>) => Promise<Round[]>,
): Promise<Round[]> {
  const machine = await createMachine();
  return work(machine).finally(() => machine.close());
}

const rounds = Number(values.rounds);
console.log(`${rounds} expiries, 20 processes each that start with an expired token, strict rotation`);
note(
  await withMachine(async (machine) => {
    const done: Round[] = [];
    while (done.length < rounds) done.push(await machine.round(20));
    return done;
  }),
);

console.log("2 processes, and one of them is killed, or stopped for two seconds, at a random moment");
const lanes = Array.from({ length: 4 }, (_, lane) =>
  withMachine(async (machine) => {
    // How long a round takes here, so that the moment falls into it.
    const { milliseconds } = await machine.round(2);
    const done: Round[] = [];
    for (let index = lane; index < Number(values.troubles); index += 4) {
      const after = Math.round(Math.random() * milliseconds);
      const trouble: Trouble =
        done.length % 4 === 3 ? { signal: "SIGSTOP", after, sleep: 2_000 } : { signal: "SIGKILL", after };
      done.push(await machine.round(2, trouble));
    }
    return done;
  }),
);
note((await Promise.all(lanes)).flat());

console.log("the same store under tools/grants: 20 processes with 50 calls each, and a process that dies at each step");
const stage = await createStage(pathToFileURL(await mkdtemp(join(tmpdir(), "pixy-proof-"))).href);
try {
  const crowd = await stage.crowd(20, 50);
  console.table([{ ...crowd, outcomes: JSON.stringify(crowd.outcomes) }]);
  if (crowd.tokenRequests !== 1 || crowd.outcomes["200"] !== crowd.calls)
    problems.push("the crowd sent more than one token request, or failed");
  const kills = [...(await stage.kills("SIGKILL")), ...(await stage.kills("SIGSTOP"))];
  console.table(
    kills.map((kill) => ({
      signal: kill.signal,
      point: kill.point,
      tokenRequests: kill.tokenRequests,
      atOnce: kill.atOnce,
      ends: judge(kill).ends,
    })),
  );
  problems.push(...kills.flatMap((kill) => judge(kill).problems));
} finally {
  await stage.close();
}

for (const problem of problems) console.error(`failed: ${problem}`);
console.log(problems.length === 0 ? "proved" : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
