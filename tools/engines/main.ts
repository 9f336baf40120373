/**
 * The contract of stores, and a herd that meets every kind of trouble, on each form of Redis and with each client.
 * `--engine single|cluster|sentinel` and `--client "ioredis 6"` look at one.
 */
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type ClientName, clientNames } from "./clients.ts";
import { keepContract } from "./contract.ts";
import { createHerd, type Herd, type Outcome } from "./herd.ts";
import { type EngineName, type RedisEngine, startEngine } from "./servers.ts";

const { values } = parseArgs({ options: { engine: { type: "string" }, client: { type: "string" } } });
const problems: string[] = [];
const rows: object[] = [];

/** What may come of each trouble: what is left of the grant, how many token requests, what the calls under way are told. */
interface Trouble {
  readonly name: string;
  readonly after: RegExp;
  readonly during: RegExp;
  readonly most: number;
  happen(engine: RedisEngine, herd: Herd): Promise<void> | void;
  over?(engine: RedisEngine): void;
}

const troubles: readonly Trouble[] = [
  { name: "none", after: /^200$/, during: /^200$/, most: 1, happen: () => {} },
  {
    ...{ name: "SCRIPT FLUSH", after: /^200$/, during: /^200$/, most: 1 },
    happen: (engine) => engine.tell("SCRIPT", "FLUSH"),
  },
  {
    ...{ name: "full, noeviction", after: /^200$/, during: /^(200|\w+_unavailable)$/, most: 1 },
    async happen(engine, herd) {
      engine.tell("CONFIG", "SET", "maxmemory", "1");
      const answer = await herd.canSave();
      if (!answer.startsWith("no")) problems.push(`${engine.name}: a full Redis kept somebody new`);
    },
    over: (engine) => engine.tell("CONFIG", "SET", "maxmemory", "0"),
  },
  {
    ...{ name: "stopped for 5 s", after: /^200$/, during: /^(200|\w+_unavailable)$/, most: 1 },
    async happen(engine) {
      engine.signal("SIGSTOP");
      await wait(5_000);
      engine.signal("SIGCONT");
    },
  },
  {
    ...{
      name: "failover",
      after: /^(200|reauth_required)$/,
      during: /^(200|\w+_unavailable|reauth_required)$/,
      most: 2,
    },
    happen: (engine) => engine.failOver?.(),
  },
  {
    // The grant is gone with the store; nobody shows its token twice.
    ...{ name: "restarted, empty", after: /./, during: /./, most: 1 },
    happen: (engine) => engine.empty(),
  },
];

for (const name of ["single", "cluster", "sentinel"] as const satisfies EngineName[]) {
  if (values.engine !== undefined && values.engine !== name) continue;
  for (const client of clientNames) {
    if (values.client !== undefined && values.client !== client) continue;
    const engine = await startEngine(name);
    try {
      await look(engine, client);
    } finally {
      await engine.stop();
    }
  }
}
console.table(rows);
for (const problem of problems) console.error(`failed: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);

async function look(engine: RedisEngine, client: ClientName): Promise<void> {
  const where = `${engine.name} ${engine.version}, ${client}`;
  const { promises, broken } = await keepContract(client, engine);
  console.log(`${where}: ${promises - broken.length} of ${promises} promises of the contract`);
  problems.push(...broken.map((promise) => `${where}: ${promise}`));
  const herd = await createHerd(client, engine);
  try {
    for (const trouble of troubles) {
      if (trouble.name === "failover" ? !engine.failOver : trouble.name === "restarted, empty" && engine.failOver)
        continue;
      const outcome = await herd.run(() => trouble.happen(engine, herd));
      trouble.over?.(engine);
      const row = { where, trouble: trouble.name, ...words(outcome) };
      rows.push(row);
      console.log(Object.values(row).join(" | "));
      const unexpected = Object.keys(outcome.during).filter((what) => !trouble.during.test(what));
      if (unexpected.length > 0) problems.push(`${where}, ${trouble.name}: calls ended as ${unexpected.join()}`);
      if (!trouble.after.test(outcome.after)) problems.push(`${where}, ${trouble.name}: then ${outcome.after}`);
      if (outcome.tokenRequests > trouble.most) {
        problems.push(`${where}, ${trouble.name}: ${outcome.tokenRequests} token requests`);
      }
    }
  } finally {
    await herd.close();
  }
}

function words({ during, after, tokenRequests }: Outcome) {
  const told = Object.entries(during).map(([what, count]) => `${what} x ${count}`);
  return { "100 calls": told.join(", "), afterwards: after, "token requests": tokenRequests };
}
