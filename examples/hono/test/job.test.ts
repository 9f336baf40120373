import { fileURLToPath } from "node:url";
import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, it } from "vitest";
import { freePort } from "../../../tools/lib/port.ts";
import wrangler from "../wrangler.job.json" with { type: "json" };

it("a Cron Trigger keeps alive on workerd what people granted, while nobody is there", {
  timeout: 60_000,
}, async () => {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const server = await serve(provider);
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("../src/job.ts", import.meta.url))],
    ...{ bundle: true, write: false, format: "esm", target: "es2022" },
    conditions: ["@pixy/source", "workerd", "worker", "browser"],
  });
  const url = `http://127.0.0.1:${await freePort()}`;
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      ...{ modules: true, script: bundle.outputFiles[0]?.text ?? "", compatibilityDate: wrangler.compatibility_date },
      bindings: {
        ...{ PROVIDER_URL: server.url, SPOTIFY_CLIENT_ID: "pixy-demo", BASE_URL: url },
        SESSION_SECRET: "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ",
        // Half a day: each run finds it due.
        IDLE_LIFETIME: 43_200,
      },
      durableObjects: {
        SESSIONS: { className: "PixySessionObject", useSQLite: true },
        OWNERS: { className: "PixyOwnersObject", useSQLite: true },
      },
      ...{ cf: false, host: "127.0.0.1", port: Number(new URL(url).port) },
    }),
  );
  try {
    await worker.ready;
    const run = async () => (await (await worker.getWorker()).scheduled({ cron: "0 * * * *" })).outcome;
    expect(await run()).toBe("ok");
    expect(provider.tokenRequests("refresh_token")).toHaveLength(0);

    const browser = createUserAgent();
    await browser.login(`${url}/auth/login?returnTo=/me`, { person: "ada" });
    const before = provider.tokenRequests("refresh_token").length;
    expect([await run(), await run()]).toEqual(["ok", "ok"]);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(before + 2);

    // The session has no tokens of its own: it goes on with those that the job has brought.
    const me = await browser.navigate(`${url}/me`);
    expect([me.status, JSON.parse(me.body).id]).toEqual([200, "ada-1815"]);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(before + 2);
    expect(provider.violations).toEqual([]);
  } finally {
    await worker.dispose();
    await server.close();
  }
});
