/** Proves on Redis and on Postgres that one grant is refreshed once, however many processes ask, and what a killed one costs. */
import { missingPostgres, startPostgres } from "../../packages/postgres/test/postgres-server.ts";
import { findRedis } from "../../tests/lib/redis.ts";
import { createStage, type Kill } from "./proof.ts";
import { judge } from "./verdict.ts";

const problems: string[] = [];

const redis = await findRedis()?.start();
if (redis === undefined) problems.push("There is no Redis: install redis-server, or set REDIS_URL.");
else await prove("Redis", redis.url).finally(() => redis.stop());

if (missingPostgres() !== null) problems.push(`There is no Postgres: ${missingPostgres()}.`);
else {
  const postgres = await startPostgres();
  await prove("Postgres", postgres.url).finally(() => postgres.stop());
}

for (const problem of problems) console.error(`failed: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function prove(engine: string, url: string): Promise<void> {
  const stage = await createStage(url);
  try {
    const crowd = await stage.crowd(20, 50);
    console.log(`one expired grant, strict rotation, ${engine}`);
    console.table([crowd]);
    const kills: Kill[] = [...(await stage.kills("SIGKILL")), ...(await stage.kills("SIGSTOP"))];
    console.table(
      kills.map(({ others, after, ...rest }) => ({
        ...rest,
        others: words(others),
        after: words(after),
        ends: judge({ ...rest, others, after }).ends,
      })),
    );
    if (crowd.tokenRequests !== 1 || crowd.failures !== 0) {
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
