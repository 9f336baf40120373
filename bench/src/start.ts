import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./throughput.ts";

export interface Start {
  readonly name: string;
  /** Milliseconds, the median over the rounds, of a fresh process. */
  readonly importing: number;
}

const modules: Readonly<Record<string, string>> = {
  "(an empty module)": "data:text/javascript,",
  "@pixy/core": "@pixy/core",
  "@pixy/server": "@pixy/server",
  "@pixy/express": "@pixy/express",
  "@pixy/hono": "@pixy/hono",
  arctic: "arctic",
  "iron-session": "iron-session",
  oauth4webapi: "oauth4webapi",
  "openid-client": "openid-client",
  "express-openid-connect": "express-openid-connect",
  "@hono/oidc-auth": "@hono/oidc-auth",
  "@auth/express": "@auth/express",
  "better-auth": "better-auth",
};

/** Imports each library in a fresh process, in interleaved rounds. */
export async function measureStart(rounds = 9): Promise<Start[]> {
  const times = new Map(Object.keys(modules).map((name) => [name, [] as number[]]));
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  for (let round = -1; round < rounds; round++) {
    for (const [name, specifier] of Object.entries(modules)) {
      const code = `const start = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - start); process.exit();`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { cwd });
      if (round >= 0) times.get(name)?.push(Number(stdout));
    }
  }
  return Array.from(times, ([name, values]) => ({ name, importing: median(values) }));
}
