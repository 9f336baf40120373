import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { startChild } from "../../tools/lib/child-process.ts";
import { bundle } from "./bundle.ts";
import { secret } from "./servers/contender.ts";
import { workers } from "./tasks.ts";
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
  const scripts = new Map<string, string>();
  for (const name of ["Hono alone", "Hono and @pixy/hono"]) {
    scripts.set(name, (await bundle(workers[name] ?? "", { whole: true })).code);
  }
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
    for (const [name, script] of scripts) {
      const start = performance.now();
      const options = { modules: true, script, compatibilityDate: "2026-01-01", cf: false } as const;
      const worker = new Miniflare(convertV4MiniflareOptions(options));
      try {
        await ask(new URL("/me", await worker.ready).href);
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
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  await response.arrayBuffer();
}
