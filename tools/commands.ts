/**
 * The commands that are wanted less often than those in package.json: `pnpm check NAME [options]` looks at something for
 * longer than `test` may, `pnpm write NAME` writes a file that is made from the code. Without a name, each lists its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

interface Command {
  readonly does: string;
  /** Run in turn; options on the command line go to the last one. */
  readonly steps: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const buildPackages = "turbo run build --filter=./packages/*";
const node = "node --conditions=@pixy/source";

const groups: Readonly<Record<string, Readonly<Record<string, Command>>>> = {
  check: {
    browsers: {
      does: "logs in, refreshes and logs out in Firefox and WebKit",
      steps: ["turbo run build", "vitest run --project tests tests/engines"],
      environment: { PIXY_BROWSERS: "1" },
    },
    engines: {
      does: "the stores' contract, and a herd in trouble, on each form of Redis and with each client: tools/engines",
      steps: [`${node} tools/engines/main.ts`],
    },
    "first-ten-minutes": {
      does: "the README's commands and each getting-started page, word for word, on Node 20, 22 and 24",
      steps: [`${node} tools/first-ten-minutes/main.ts`],
    },
    fuzz: { does: "strangers' input: tests/fuzz", steps: [`${node} tests/fuzz/run.ts`] },
    grants: {
      does: "one refresh over 20 processes, and processes killed at each step of it: tools/grants",
      steps: [`${node} tools/grants/main.ts`],
    },
    growth: {
      does: "a million sessions in Redis and in Postgres, a hundred thousand cookies at one process: tools/growth",
      steps: ["node --expose-gc --conditions=@pixy/source tools/growth/main.ts"],
    },
    interop: {
      does: "with authorization servers that we did not write, a part of test: tests/interop",
      steps: ["vitest run --project tests tests/interop"],
    },
    "interop-debian": {
      does: "the same with those that Debian has",
      steps: ["vitest run --config tests/interop/debian/vitest.config.ts"],
    },
    "interop-npm": {
      does: "the same with better-auth and workers-oauth-provider, which it installs",
      steps: [
        "pnpm --dir tests/interop/npm install --frozen-lockfile",
        "vitest run --config tests/interop/npm/vitest.config.ts",
      ],
    },
    mutation: { does: "what the tests would not notice: tools/mutation", steps: [`${node} tools/mutation/main.ts`] },
    native: {
      does: "ten rounds of 20 command lines, some killed and some stopped at random, on tokens in files: tools/native",
      steps: [`${node} tools/native/main.ts`],
    },
    "next-cells": {
      does: "the Next example on Next 15 and 16, Turbopack and webpack, Node and edge: tools/next-cells",
      steps: [buildPackages, `${node} tools/next-cells/main.ts`],
    },
    packages: {
      does: "packs each package and uses the tarballs as a stranger would",
      steps: [buildPackages, "vitest run --project tests tests/packages tests/types.test.ts tests/exports.test.ts"],
      environment: { PIXY_CHECK_PACKAGES: "1" },
    },
    release: {
      does: "what a release would publish: its versions and changelogs in a copy, then the tarballs, installed and run",
      steps: [buildPackages, "node tools/release.ts", "vitest run --project tests tests/packages"],
      environment: { PIXY_CHECK_PACKAGES: "1" },
    },
    runtimes: {
      does: "core, server and native on every runtime that is here: tools/runtimes",
      steps: [
        "turbo run build --filter=@pixy/testing --filter=@pixy/hono --filter=@pixy/native",
        "node tools/runtimes/matrix.mjs",
      ],
    },
    soak: {
      does: "minutes of load with everything going wrong: tools/soak",
      steps: [`${node} tools/soak/main.ts`],
    },
    upgrade: {
      does: "processes of commit a08bacf beside those of today, on one Redis and in cookies: tools/upgrade",
      steps: [buildPackages, `${node} tools/upgrade/main.ts`],
    },
  },
  write: {
    api: {
      does: "what each package exports, beside it in api.md",
      steps: [buildPackages, "node tools/api-report/main.ts"],
    },
    providers: {
      does: "the page of each provider, from its preset and the facts beside it",
      steps: ["vitest run --project tests tests/docs/provider-pages.test.ts -u"],
    },
    reference: {
      does: "the API as HTML, in docs/api",
      steps: [
        "pnpm --dir tools/docs install --frozen-lockfile",
        "node tools/docs/node_modules/typedoc/bin/typedoc --options tools/docs",
      ],
    },
    scope: {
      does: "the packages' names under another scope of npm, in every file: write scope @acme",
      steps: ["node tools/scope.ts"],
    },
    site: {
      does: "the documentation as a site with the API and a search; with --serve, shows it: tools/docs",
      steps: [
        "pnpm --dir tools/docs install --frozen-lockfile",
        "vitest run --project tests tests/docs/code-blocks.test.ts tests/docs/links.test.ts",
        "node tools/docs/node_modules/typedoc/bin/typedoc --options tools/docs",
        "node tools/docs/build.ts",
      ],
    },
    threats: { does: "the page of threats from the checklist", steps: ["node tests/security/write-table.ts"] },
    weight: {
      does: "what each part of a bundle weighs, in bench/weight.md",
      steps: ["node tests/weight/write-page.ts"],
    },
  },
};

async function run(step: string, options: readonly string[], environment: Command["environment"]): Promise<number> {
  const [program = "", ...parameters] = [...step.split(" "), ...options];
  const child = spawn(program, parameters, { stdio: "inherit", env: { ...process.env, ...environment } });
  process.once("SIGTERM", () => child.kill("SIGTERM"));
  const [status] = (await once(child, "close")) as [number | null];
  return status ?? 1;
}

// The command hears Ctrl-C itself, and says what it found before it ends.
process.on("SIGINT", () => {});

const [group = "", name = "", ...options] = process.argv.slice(2);
const commands = groups[group] ?? {};
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!command) {
  const width = Math.max(...Object.keys(commands).map((key) => key.length));
  const lines = Object.entries(commands).map(([key, { does }]) => `  ${key.padEnd(width)}  ${does}`);
  console.log(`npx -y pnpm@12 ${group} NAME [options]\n\n${lines.join("\n")}`);
  if (name !== "" && name !== "--help") process.exitCode = 1;
} else {
  for (const [index, step] of command.steps.entries()) {
    const isLast = index === command.steps.length - 1;
    process.exitCode = await run(step, isLast ? options : [], command.environment);
    if (process.exitCode !== 0) break;
  }
}
