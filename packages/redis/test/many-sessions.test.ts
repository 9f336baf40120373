import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock } from "@pixy/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { missingRedis, type RedisServer, startRedis } from "./redis-server.ts";

/** 10,000 with `MANY_SESSIONS=10000`; fewer in the default run. */
const count = Number(process.env.MANY_SESSIONS ?? 1_000);
const missing = missingRedis();

describe.skipIf(missing !== null)(`${count} sessions that expire in the same second`, () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  it("refresh spread over time, once each, and leave nothing behind", { timeout: 120_000 }, async () => {
    const client = new Redis({ host: "127.0.0.1", port: server.port });
    const clock = createClock();
    const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, rotation: "strict" });
    const options: PixyOptions<unknown> = {
      provider: spotify,
      clientId: "client-of-the-app",
      baseUrl: "https://app.example",
      secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
      store: redisStore(client),
      fetch: provider.fetch,
      now: clock.now,
    };
    const auth = createAuth(options);
    const cookies: string[] = [];
    for (let index = 0; index < count; index++) {
      const tokens = provider.issueTokens({ clientId: options.clientId, person: "ada" });
      const [line = ""] = await issueSession(options, { tokens, data: undefined });
      cookies.push(line.slice(0, line.indexOf(";")));
    }
    const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
    const before = await memory();

    const visit = (cookie: string) =>
      auth
        .open({ method: "GET", url: "/me", header: (name) => (name === "cookie" ? cookie : null) })
        .signedIn()
        .then((login) => login !== null);
    const visitAll = async () => (await Promise.all(cookies.map(visit))).filter(Boolean).length;
    const refreshes = () => provider.tokenRequests("refresh_token").length;

    clock.advance((3600 - 200) * 1000);
    expect([await visitAll(), refreshes()]).toEqual([count, 0]);
    clock.advance(50_000);
    expect(await visitAll()).toBe(count);
    expect(refreshes()).toBeGreaterThan(count * 0.3);
    expect(refreshes()).toBeLessThan(count * 0.7);
    clock.advance(150_000);
    expect([await visitAll(), refreshes()]).toEqual([count, count]);
    expect([await visitAll(), refreshes()]).toEqual([count, count]);
    expect(provider.violations).toEqual([]);

    const keys = await client.keys("*");
    expect(keys).toHaveLength(count);
    const ttls = await Promise.all(keys.map((key) => client.pttl(key)));
    expect(ttls.filter((ttl) => ttl <= 0)).toEqual([]);
    expect(await memory()).toBeLessThan(before * 1.3);

    await Promise.all(
      cookies.map((cookie) =>
        auth.logout(
          auth.open({ method: "POST", url: "/auth/logout", header: (name) => (name === "cookie" ? cookie : null) }),
        ),
      ),
    );
    expect(await visitAll()).toBe(0);
    // Their fences are remembered for a minute.
    const left = await Promise.all((await client.keys("*")).map((key) => client.pttl(key)));
    expect(left.filter((ttl) => ttl <= 0 || ttl > 60_000)).toEqual([]);
    client.disconnect();
  });
});
