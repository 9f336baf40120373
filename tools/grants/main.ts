/** Proves on Redis and on Postgres that one grant is refreshed once, however many processes ask, and what it costs to kill one or to restart the store. */
import { missingPostgres, startPostgres } from "../../packages/postgres/test/postgres-server.ts";
import { missingRedis, startRedis } from "../../packages/redis/test/redis-server.ts";
import { createStage, type Kill } from "./proof.ts";
import { judge } from "./verdict.ts";

const problems: string[] = [];

const missing = missingRedis();
if (missing !== null) problems.push(`There is no Redis: ${missing}.`);
else {
  // What a restart must not lose is on disk.
  const redis = await startRedis("--appendonly", "yes", "--appendfsync", "always");
  await prove("Redis", `redis://127.0.0.1:${redis.port}`, redis.restart).finally(() => redis.stop());
}

if (missingPostgres() !== null) problems.push(`There is no Postgres: ${missingPostgres()}.`);
else {
  const postgres = await startPostgres();
  await prove("Postgres", postgres.url, postgres.restart).finally(() => postgres.stop());
}

for (const problem of problems) console.error(`failed: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function prove(engine: string, url: string, restart: () => Promise<void>): Promise<void> {
  const stage = await createStage(url);
  try {
    const crowd = await stage.crowd(20, 50);
    console.log(`one expired grant, strict rotation, ${engine}`);
    console.table([{ ...crowd, outcomes: words(crowd.outcomes) }]);
    const kills: Kill[] = [
      ...(await stage.kills("SIGKILL")),
      ...(await stage.kills("SIGSTOP")),
      ...(await stage.restarts(restart)),
    ];
    console.table(
      kills.map(({ others, after, ...rest }) => ({
        ...rest,
        others: words(others),
        after: words(after),
        ends: judge({ ...rest, others, after }).ends,
      })),
    );
    if (crowd.tokenRequests !== 1 || crowd.outcomes["200"] !== crowd.calls) {
      problems.push(`${engine}: the crowd sent more than one token request, or failed`);
    }
    problems.push(...kills.flatMap((kill) => judge(kill).problems).map((problem) => `${engine}: ${problem}`));
  } finally {
    await stage.close();
  }
}

function words(report: Readonly<Record<string, number>>): string {
  return Object.entries(report)
    .map(([name, count]) => `${name} x ${count}`)
    .join(", ");
}
