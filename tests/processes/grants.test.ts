import { afterAll, beforeAll, expect, it } from "vitest";
import { createStage } from "../../tools/grants/proof.ts";
import { judge } from "../../tools/grants/verdict.ts";
import { findRedis, type Redis, withRedis } from "../lib/redis.ts";

// The short form: `check grants` has 20 processes, and stops them, too.
withRedis("grants over many processes on one Redis", () => {
  let redis: Redis;
  let stage: Awaited<ReturnType<typeof createStage>>;

  beforeAll(async () => {
    const found = findRedis();
    if (found === null) throw new Error("There is no Redis.");
    redis = await found.start();
    stage = await createStage(redis.url);
  }, 60_000);

  afterAll(async () => {
    await stage?.close();
    await redis?.stop();
  });

  it("250 calls of 5 processes on one expired grant, strict rotation: one token request, no failure", {
    timeout: 60_000,
  }, async () => {
    const { tokenRequests, outcomes } = await stage.crowd(5, 50);
    expect([tokenRequests, outcomes]).toEqual([1, { 200: 250 }]);
  });

  it("a process is killed at each step: one more token request at most, never two at once, and none is lost but between send and save", {
    timeout: 120_000,
  }, async () => {
    const kills = await stage.kills("SIGKILL");
    expect(kills.flatMap((kill) => judge(kill).problems)).toEqual([]);
    expect(kills.filter(({ isHit }) => isHit)).toHaveLength(6);
  });
});
