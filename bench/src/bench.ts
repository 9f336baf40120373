/** `pnpm bench` measures everything, prints it, and writes `results.md` and `results.svg`. `--quick` takes fewer rounds. */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { bundle, versionOf } from "./bundle.ts";
import { type Bar, chart } from "./chart.ts";
import { codes, loginUrls, measureRates } from "./codes.ts";
import { measureFirstResponse } from "./first-response.ts";
import { createGoals } from "./goals.ts";
import { measureHerd, measureRefreshLatency } from "./herd.ts";
import { type HotPath, measureHotPath } from "./hot-path.ts";
import { type Generator, generator } from "./load.ts";
import { measureMemory } from "./memory.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import type { Contender } from "./servers/contender.ts";
import { contenders as expressContenders } from "./servers/express.ts";
import { contenders as honoContenders } from "./servers/hono.ts";
import { nextApp, contenders as nextContenders } from "./servers/next.ts";
import { measureStart } from "./start.ts";
import { tasks, workers } from "./tasks.ts";
import { measureThroughput, type Throughput } from "./throughput.ts";

const quick = process.argv.includes("--quick");
const rounds = quick ? 3 : 5;
const sections: string[] = [];
const goals = createGoals();
const groups: Record<string, Bar[]> = {};
const redis = await startRedis();
// The processes that are measured inherit it.
if (redis !== null) process.env.REDIS_URL = redis.url;
const postgres = await startPostgres();
if (postgres !== null) process.env.DATABASE_URL = postgres.url;
const isPossible = (name: string): boolean =>
  (redis !== null || !name.includes("Redis")) && (postgres !== null || !name.includes("Postgres"));

function section(title: string, note: string, rows: readonly Readonly<Record<string, string>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const table = [line(columns), line(columns.map(() => "---")), ...rows.map((row) => line(Object.values(row)))];
  const text = `## ${title}\n\n${note}\n\n${table.join("\n")}\n`;
  sections.push(text);
  console.log(`\n${text}`);
}

const titles: Readonly<Record<string, string>> = {
  express: "Express 5",
  hono: "Hono on Node",
  next: "Next.js 16 (`next build`, a Route Handler)",
};

async function throughput(
  framework: string,
  of: Readonly<Record<string, Contender>>,
  people: number,
  by: Generator = generator,
): Promise<void> {
  const names = Object.keys(of).filter((name) => name !== "bare" && isPossible(name));
  // Until everybody has signed in and come twice, minutes have passed already.
  const fewer = people === 1 ? rounds : Math.min(rounds, 3);
  const results = await measureThroughput({ framework, names, people, rounds: fewer, seconds: 1, by });
  const sessions = people === 1 ? "one session" : `${people.toLocaleString("en")} sessions in turn`;
  const title = `${titles[framework]}, a signed-in request, ${sessions}`;
  if (by !== generator) {
    const note =
      "The same by a generator in JavaScript, which is slower than what it measures: it hides what a library takes. For comparison with figures that were taken so.";
    section(`${title}, load by ${by}`, note, results.map(throughputRow));
    return;
  }
  groups[title] = results.slice(1).map(({ name, share }) => ({ name, share }));
  if (people === 1) for (const { name, share } of results) goals.reached(`${framework} ${name}`, share);
  section(title, "Share of the bare framework.", results.map(throughputRow));
}

function throughputRow(result: Throughput): Record<string, string> {
  return {
    what: result.name,
    "requests/s": Math.round(result.perSecond).toLocaleString("en"),
    "share, by requests/s": result.share.toFixed(2),
    "lowest and highest round": result.spread.map((share) => share.toFixed(2)).join(" – "),
    "share, by processor time": result.processorShare.toFixed(2),
    refused: String(result.refused),
  };
}

async function hotPath(framework: string, of: Readonly<Record<string, Contender>>): Promise<void> {
  const names = Object.keys(of).filter((name) => name === "bare" || /^[(]|^@pixy\S+ (cookie|memory)$/.test(name));
  const results = await measureHotPath(Object.fromEntries(names.map((name) => [name, of[name] as Contender])));
  const row = ({ name, microseconds, beyondFirst }: HotPath) => ({
    what: name,
    "µs a request": microseconds.toFixed(2),
    "µs beyond bare": beyondFirst.toFixed(2),
  });
  const note = "In one process over a connection in memory, in slices of milliseconds: what the library itself takes.";
  section(`${framework}, without the kernel`, note, results.map(row));
}

const rate = ({ name, perSecond }: { name: string; perSecond: number }) => ({
  what: name,
  "a second": perSecond.toLocaleString("en"),
});
for (const [title, note, measured] of [
  ["Codes", "Verifier and S256 challenge, one after the other.", await measureRates(codes)],
  ["Login URLs", "Codes, state and URL, one after the other.", await measureRates(loginUrls)],
] as const) {
  section(title, note, measured.map(rate));
  for (const { name, perSecond } of measured) goals.reached(`${title} ${name}`, perSecond);
}

section(
  "The herd",
  "1,000 parallel requests with one session whose token has expired, over HTTP; the provider replaces refresh tokens.",
  (await measureHerd()).map(({ name, requests, tokenRequests, failures }) => ({
    what: name,
    requests: String(requests),
    "token requests": String(tokenRequests),
    failures: String(failures),
  })),
);

const sizes = [];
for (const [name, source] of Object.entries({ ...tasks.ours, ...tasks.peers })) {
  const { bytes, gzipped } = await bundle(source);
  sizes.push({ what: name, minified: `${bytes} B`, "and gzipped": `${gzipped} B` });
  goals.reached(`Size ${name}`, gzipped);
}
section(
  "Size",
  "The task: codes, login URL, exchange, refresh. Frameworks are not counted; libraries are, ours and others'.",
  sizes,
);

const whole = [];
for (const [name, source] of Object.entries(workers)) {
  const { bytes, gzipped } = await bundle(source, { whole: true });
  whole.push({ what: name, minified: `${bytes} B`, "and gzipped": `${gzipped} B` });
}
section("Size of a whole worker", "As it is deployed, with the framework.", whole);

section(
  "First response",
  "From the start of a process to the end of its first answer, in interleaved rounds; for workerd with what Miniflare takes.",
  (await measureFirstResponse(quick ? 3 : 7)).map(({ name, milliseconds }) => ({
    what: name,
    ms: milliseconds.toFixed(0),
  })),
);

section(
  "Start",
  "Import in a fresh process of Node, frameworks included where a library imports them.",
  (await measureStart(quick ? 3 : 7)).map(({ name, importing }) => ({ what: name, ms: importing.toFixed(1) })),
);

section(
  "A request that needs a refresh",
  "200 people one after the other, with the provider on the same machine.",
  (await measureRefreshLatency()).map(({ name, p50, p95, p99 }) => ({
    what: name,
    "p50, ms": p50.toFixed(2),
    "p95, ms": p95.toFixed(2),
    "p99, ms": p99.toFixed(2),
  })),
);

section(
  "Memory",
  "The heap after 10,000 people have sent a request; the memo of opened sessions is bounded by 32 MiB.",
  (await measureMemory()).map(({ name, megabytes, cookie }) => ({
    "sessions in": name,
    "MB for 10,000": megabytes.toFixed(1),
    "characters of the cookie": String(cookie),
  })),
);

await throughput("express", expressContenders, 1);
const only = (of: Readonly<Record<string, Contender>>, wanted: RegExp) =>
  Object.fromEntries(Object.entries(of).filter(([name]) => name === "bare" || wanted.test(name)));
if (generator === "wrk") await throughput("express", only(expressContenders, /^\(|cookie$/), 1, "autocannon");
await throughput("hono", honoContenders, 1);
// Without those that take minutes until 10,000 people have signed in.
await throughput("express", only(expressContenders, /^@pixy|^\(|^express-session/), 10_000);
await throughput("hono", only(honoContenders, /^@pixy|^\(/), 10_000);
console.log("Building the Next.js app …");
execFileSync(process.execPath, [fileURLToPath(import.meta.resolve("next/dist/bin/next")), "build", nextApp], {
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  stdio: ["ignore", "ignore", "inherit"],
});
await throughput("next", nextContenders, 1);
await hotPath("Express", expressContenders);
await hotPath("Hono", honoContenders);

const versions = await Promise.all(
  ["express", "hono", "@hono/node-server", "iron-session", "cookie-session", "express-openid-connect", "@hono/session"]
    .concat([
      "@hono/oidc-auth",
      "oauth4webapi",
      "openid-client",
      "arctic",
      "pkce-challenge",
      "@badgateway/oauth2-client",
    ])
    .concat(["@auth/express", "better-auth", "next", "express-session", "connect-redis", "redis", "pg", "miniflare"])
    .map(async (name) => `${name} ${await versionOf(name)}`),
);
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}, Node ${process.version.slice(1)}, load by ${generator}`;
const notes = await readFile(new URL("../notes.md", import.meta.url), "utf8");
// Our own part is 2 to 3: a server, the generator, this.
const busy = `The load average at the end was ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} processors: above 3, other work took part, and only large differences mean something.`;
const header = `# Results

${new Date().toISOString().slice(0, 10)}, ${machine}${quick ? ", quick run" : ""}. Written by \`pnpm bench\`; ratios are of interleaved rounds of one run, medians.
${busy}

${versions.join(", ")}.

![Shares of the bare framework](results.svg)
`;
section("Goals", "What was to be reached, and what bounds it, in this run.", goals.rows());
// First of all.
sections.unshift(sections.pop() ?? "");
await writeFile(new URL("../results.md", import.meta.url), `${header}\n${sections.join("\n")}\n${notes}`);
await writeFile(new URL("../results.svg", import.meta.url), chart(groups));
await Promise.all([redis?.stop(), postgres?.stop()]);
process.exit();
