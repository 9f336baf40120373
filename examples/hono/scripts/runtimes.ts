/** Seals a session on each runtime and opens it on every other one. Bun and Deno are fetched when they are asked for. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createAuthorizationServer, serve } from "@pixy/testing";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { freePort } from "../../../tools/lib/port.ts";
import { type FetchApp, open, seal } from "./exchange.ts";

const run = promisify(execFile);

export interface Runtime {
  readonly name: string;
  seal(): Promise<string>;
  open(cookie: string): Promise<string>;
  close?(): Promise<void>;
}

interface Bindings extends Readonly<Record<string, string>> {
  readonly BASE_URL: string;
}

export const commands: Readonly<Record<string, readonly [program: string, ...parameters: string[]]>> = {
  node: [process.execPath],
  bun: ["npx", "-y", "bun@1.4.5", "run"],
  deno: ["npx", "-y", "deno@2.9.6", "run", "--allow-env", "--allow-read", "--allow-net"],
};

function commandRuntime(name: string, bindings: Bindings): Runtime {
  const [program, ...parameters] = commands[name] ?? [name];
  const script = fileURLToPath(new URL("exchange-main.ts", import.meta.url));
  const ask = async (...words: string[]): Promise<string> => {
    const { stdout } = await run(program, [...parameters, script, ...words], { env: { ...process.env, ...bindings } });
    return stdout.trim();
  };
  return { name, seal: () => ask("seal"), open: (cookie) => ask("open", cookie) };
}

async function workerdRuntime(bindings: Bindings): Promise<Runtime> {
  const script = await readFile(new URL("../dist/worker.js", import.meta.url), "utf8");
  const { compatibility_date: compatibilityDate } = JSON.parse(
    await readFile(new URL("../wrangler.json", import.meta.url), "utf8"),
  ) as { compatibility_date: string };
  const { hostname: host, port } = new URL(bindings.BASE_URL);
  const options = { modules: true, script, compatibilityDate, bindings: { ...bindings }, cf: false, host } as const;
  const worker = new Miniflare(convertV4MiniflareOptions({ ...options, port: Number(port) }));
  const url = await worker.ready;
  const app: FetchApp = (path, cookie) => fetch(new URL(path, url), { headers: { cookie }, redirect: "manual" });
  return {
    name: "workerd",
    seal: () => seal(app),
    open: (cookie) => open(app, cookie),
    close: () => worker.dispose(),
  };
}

export interface Exchange {
  readonly sealedOn: string;
  readonly openedOn: string;
  /** What the opening runtime found: the same as what the sealing one did, and somebody. */
  readonly found: string;
  readonly expected: string;
}

/** Seals on each of the runtimes and opens on all of them. */
export async function exchangeSessions(names: readonly string[]): Promise<Exchange[]> {
  const provider = await serve(createAuthorizationServer({ autoApprove: "ada" }));
  const bindings = {
    NODE_ENV: "production",
    BASE_URL: `http://127.0.0.1:${await freePort()}`,
    PROVIDER_URL: provider.url,
    SESSION_SECRET: randomBytes(32).toString("base64url"),
  };
  const runtimes: Runtime[] = [];
  try {
    for (const name of names) {
      runtimes.push(name === "workerd" ? await workerdRuntime(bindings) : commandRuntime(name, bindings));
    }
    const exchanges: Exchange[] = [];
    for (const sealing of runtimes) {
      const cookie = await sealing.seal();
      const expected = await sealing.open(cookie);
      for (const opening of runtimes) {
        const found = opening === sealing ? expected : await opening.open(cookie);
        exchanges.push({ sealedOn: sealing.name, openedOn: opening.name, found, expected });
      }
    }
    return exchanges;
  } finally {
    await Promise.all(runtimes.map((runtime) => runtime.close?.()));
    await provider.close();
  }
}

if (import.meta.main) {
  const exchanges = await exchangeSessions(["node", "workerd", "bun", "deno"]);
  const failed = exchanges.filter(({ found, expected }) => found !== expected || found === "nobody");
  for (const exchange of exchanges) {
    const word = failed.includes(exchange) ? "FAILED" : "opened";
    console.log(`sealed on ${exchange.sealedOn}, ${word} on ${exchange.openedOn}: ${exchange.found}`);
  }
  process.exit(failed.length > 0 ? 1 : 0);
}
