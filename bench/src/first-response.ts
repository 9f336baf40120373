import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { spotify } from "@pixy/providers/spotify";
import { issueSession } from "@pixy/server";
import { sign } from "hono/jwt";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { startChild } from "../../tools/lib/child-process.ts";
import { bundle } from "./bundle.ts";
import { secret, tokens } from "./servers/contender.ts";
import { baseUrl, signedInWorkers, secret as workerSecret, workers } from "./tasks.ts";
import { median } from "./throughput.ts";

export interface FirstResponse {
  readonly name: string;
  /** From the start of the process to the end of the first answer, median over the rounds. */
  readonly milliseconds: number;
}

const ours = `{ provider: spotify, clientId: "c", baseUrl: "http://127.0.0.1:3000", secret: "${secret}" }`;
const expressTail = `app.get("/me", (_req, res) => { res.json({ ok: true }); });
const server = app.listen(0, "127.0.0.1", () => console.log("port", server.address().port));`;
const honoTail = `app.get("/me", (c) => c.json({ ok: true }));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log("port", port));`;

const programs: Readonly<Record<string, string>> = {
  "Node, Express alone": `import express from "express"; const app = express(); ${expressTail}`,
  "Node, Express and @pixy/express": `import express from "express"; import { pixy } from "@pixy/express"; import { spotify } from "@pixy/providers/spotify";
const app = express(); const auth = pixy(${ours}); app.use("/auth", auth.routes()); app.use(auth.middleware()); ${expressTail}`,
  "Node, Hono alone": `import { serve } from "@hono/node-server"; import { Hono } from "hono"; const app = new Hono(); ${honoTail}`,
  "Node, Hono and @pixy/hono": `import { serve } from "@hono/node-server"; import { Hono } from "hono"; import { pixy } from "@pixy/hono"; import { spotify } from "@pixy/providers/spotify";
const app = new Hono(); const auth = pixy(${ours}); app.route("/auth", auth.routes()); app.use(auth.middleware()); ${honoTail}`,
};

/** Starts each program anew in interleaved rounds and asks it once: on Node, and in workerd. */
export async function measureFirstResponse(rounds = 7): Promise<FirstResponse[]> {
  const times = new Map<string, number[]>();
  const add = (name: string, start: number) => times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
  const scripts = new Map<string, { readonly script: string; readonly cookie: string }>();
  const prepare = async (name: string, source: string, cookie: string) =>
    scripts.set(name, { script: (await bundle(source, { whole: true })).code, cookie });
  for (const name of ["Hono alone", "Hono and @pixy/hono"]) await prepare(name, workers[name] ?? "", "");
  await prepare("Hono and @pixy/hono, to somebody signed in", signedInWorkers.pixy, await pixyCookie());
  await prepare("Hono and @hono/oidc-auth (signed only), the same", signedInWorkers.oidcAuth, await oidcCookie());
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const start = performance.now();
      const child = startChild({
        name,
        command: [execPath, "--input-type=module", "--eval", program],
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        ready: /port (\d+)/,
      });
      try {
        await ask(`http://127.0.0.1:${(await child.ready)?.[1]}/me`);
        add(name, start);
      } finally {
        await child.stop();
      }
    }
    for (const [name, { script, cookie }] of scripts) {
      const start = performance.now();
      const options = { modules: true, script, compatibilityDate: "2026-01-01", cf: false } as const;
      const worker = new Miniflare(convertV4MiniflareOptions(options));
      try {
        const headers = { accept: "application/json", ...(cookie === "" ? {} : { cookie }) };
        check(`workerd, ${name}`, await worker.dispatchFetch(`${baseUrl}/me`, { headers, redirect: "manual" }));
        add(`workerd, ${name}`, start);
      } finally {
        await worker.dispose();
      }
    }
  }
  return Array.from(times, ([name, values]) => ({ name, milliseconds: median(values) }));
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url);
  check(url, response);
  await response.arrayBuffer();
}

function check(what: string, response: { readonly status: number }): void {
  if (response.status !== 200) throw new Error(`${what} answered ${response.status}.`);
}

async function pixyCookie(): Promise<string> {
  const options = { provider: spotify, clientId: "c", baseUrl, secret: workerSecret };
  const lines = await issueSession(options, { tokens, data: undefined });
  return lines.map((line) => line.slice(0, line.indexOf(";"))).join("; ");
}

/** As `updateAuth` of the library makes it. */
async function oidcCookie(): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: "ada", email: "ada", rtk: tokens.refreshToken, rtkexp: now + 900, ssnexp: now + 86_400 };
  return `oidc-auth=${await sign(claims, workerSecret, "HS256")}`;
}
