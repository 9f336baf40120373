/** Proves on a Redis that one grant is refreshed once, however many processes ask, and what a killed one costs. */
import { findRedis } from "../../tests/lib/redis.ts";
import { createStage, type Kill } from "./proof.ts";
import { judge } from "./verdict.ts";

const found = findRedis();
if (found === null) {
  console.error("There is no Redis: install redis-server, or set REDIS_URL.");
  process.exit(1);
}
const redis = await found.start();
const stage = await createStage(redis.url);
try {
  const crowd = await stage.crowd(20, 50);
  console.log("one expired grant, strict rotation, Redis");
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
  const problems = [
    ...(crowd.tokenRequests === 1 && crowd.failures === 0
      ? []
      : ["the crowd sent more than one token request, or failed"]),
    ...kills.flatMap((kill) => judge(kill).problems),
  ];
  for (const problem of problems) console.error(`failed: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await stage.close();
  await redis.stop();
}

function words(report: Readonly<Record<string, number>>): string {
  return Object.entries(report)
    .map(([name, count]) => `${name} x ${count}`)
    .join(", ");
}
