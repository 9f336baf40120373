import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** Answers that the generator itself knows to be refusals or that never came. */
  readonly failed: number;
}

const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

export type Generator = "wrk" | "autocannon";

/** What makes the load: `wrk` where it is installed, because a generator in JavaScript is slower than what it measures. */
export const generator: Generator = hasWrk ? "wrk" : "autocannon";

const connections = 32;

/** Asks `url` for `seconds`, with each of the Cookie headers in turn. */
export function load(
  url: string,
  cookies: readonly string[],
  seconds: number,
  by: Generator = generator,
): Promise<Load> {
  return by === "wrk" ? byWrk(url, cookies, seconds) : byAutocannon(url, cookies, seconds);
}

async function byWrk(url: string, cookies: readonly string[], seconds: number): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const script = join(folder, "requests.lua");
  try {
    await writeFile(join(folder, "cookies"), cookies.join("\n"));
    await writeFile(script, lua(join(folder, "cookies")));
    const parameters = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, url];
    const { stdout } = await promisify(execFile)("wrk", parameters);
    const result = JSON.parse(stdout.slice(stdout.lastIndexOf("{"))) as {
      requests: number;
      time: number;
      failed: number;
    };
    return { requests: result.requests, perSecond: result.requests / (result.time / 1e6), failed: result.failed };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Requests are made before the clock starts. */
function lua(file: string): string {
  return `
local requests, at = {}, 0
init = function()
  for line in io.lines(${JSON.stringify(file)}) do
    requests[#requests + 1] = wrk.format("GET", nil, { ["Cookie"] = line, ["Accept"] = "application/json" })
  end
end
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('{"requests":%d,"time":%d,"failed":%d}', summary.requests, summary.duration, failed))
end
`;
}

async function byAutocannon(url: string, cookies: readonly string[], seconds: number): Promise<Load> {
  const requests = cookies.map((cookie) => ({ headers: { cookie, accept: "application/json" } }));
  const result = await autocannon({ url, connections, duration: seconds, requests, workers: 1 });
  return {
    requests: result.requests.total,
    perSecond: result.requests.average,
    failed: result.errors + result.timeouts + result.non2xx,
  };
}
