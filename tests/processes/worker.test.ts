import { type AuthorizationServer, createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ExampleProcess, startExample } from "../lib/example-process.ts";
import { type PostgresServer, startPostgres, withPostgres } from "../lib/postgres.ts";

withPostgres("the worker example: a web app and two workers on one Postgres", () => {
  let postgres: PostgresServer;
  let provider: AuthorizationServer;
  let server: Awaited<ReturnType<typeof serve>>;
  const processes: ExampleProcess[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    provider = createAuthorizationServer({ rotation: "strict" });
    server = await serve(provider);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await server?.close();
    await postgres?.stop();
  });

  it("what one process connects, both work with, and an access token that has ended is one token request", {
    timeout: 120_000,
  }, async () => {
    const shared = {
      ...{ DATABASE_URL: postgres.url, PROVIDER_URL: server.url, INTERVAL: "1" },
      SESSION_SECRET: "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ",
    };
    for (const ROLE of ["web", "worker", "worker"]) processes.push(await startExample("worker", { ...shared, ROLE }));
    const [web, ...workers] = processes as [ExampleProcess, ...ExampleProcess[]];

    const browser = createUserAgent();
    await browser.navigate(web.url);
    await browser.submit("/users/user-1");
    const away = await browser.submit("/connect", {}, { follow: false });
    const home = await browser.login(away.headers.get("location") ?? "", { person: "ada" });
    expect(home.body).toContain("Connected.");

    const rounds = () => workers.map(({ output }) => output().split("user-1: 200").length - 1);
    await vi.waitFor(() => expect(Math.min(...rounds())).toBeGreaterThan(0), { timeout: 30_000 });
    provider.revokeAccessTokens();
    const before = rounds();
    const both = () => rounds().every((count, index) => count > (before[index] ?? 0) + 1);
    await vi.waitFor(() => expect(both()).toBe(true), { timeout: 30_000 });
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    expect(workers.map(({ output }) => output()).join()).not.toMatch(/reauth_required|failed/);
    expect(provider.violations).toEqual([]);
  });
});
