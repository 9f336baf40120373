// Runs the conformance tests against the built packages on every runtime, prints a table and writes tools/runtimes/README.md.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serveTwoOrigins } from "./two-origins.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = `${here}.cache`;
const require = createRequire(import.meta.url);

execFileSync("npx", ["-y", "pnpm@12", "install", "--frozen-lockfile"], { cwd: here, stdio: "inherit" });
mkdirSync(out, { recursive: true });
const { build } = await import(require.resolve("esbuild"));

const files = ["core", "redirects", "server"];
const origins = await serveTwoOrigins();
const bothPackages = "core, server";
// Where there is a server to upgrade connections.
const servedFiles = [...files, "upgrade", "native"];
const servedPackages = "core, server, hono, native";

/** One file out of the built packages and a test file, for runtimes that resolve packages in their own way. */
async function bundle(name, options = {}) {
  const outfile = `${out}/${name}.mjs`;
  await build({
    bundle: true,
    format: "esm",
    target: "es2022",
    outfile,
    logLevel: "error",
    external: ["node:*"],
    ...options,
  });
  return outfile;
}

/** The tests of `names` as a module whose `runCollected` runs them. */
function collected(name, names, options) {
  return bundle(name, {
    stdin: {
      contents: [
        ...names.map((file) => `import "./${file}.test.mjs";`),
        'export { runCollected } from "./collected-tests.mjs";',
        options.footer ?? "",
      ].join("\n"),
      resolveDir: here,
    },
    ...options.build,
  });
}

async function program(command, parameters, countOf) {
  const env = { ...process.env, ...origins.environment };
  const { stdout, stderr } = await promisify(execFile)(command, parameters, { cwd: here, env, timeout: 120_000 }).catch(
    (error) => {
      throw new Error(`${error.stdout}${error.stderr}`.slice(-2000) || error.message);
    },
  );
  const output = `${stdout}${stderr}`;
  const passed = [...output.matchAll(countOf)].reduce((sum, [, count]) => sum + Number(count), 0);
  if (passed === 0) throw new Error(output.slice(-2000));
  return passed;
}

const versionOf = (command, pattern = /(\d+\.\d+\.\d+)/) =>
  pattern.exec(execFileSync(command, ["--version"], { encoding: "utf8" }))?.[1];
const bin = (name, file = name) => `${here}node_modules/${name}/bin/${file}`;

const runtimes = [
  ...[20, 22, 24, 26].map((major) => ({
    name: "Node",
    packages: servedPackages,
    version: () => versionOf(bin(`node${major}`, "node")),
    run: () =>
      program(
        bin(`node${major}`, "node"),
        ["--test", "--test-reporter=tap", ...servedFiles.map((file) => `${file}.test.mjs`)],
        /^# pass (\d+)/gm,
      ),
  })),
  {
    name: "Bun",
    packages: servedPackages,
    version: () => versionOf(`${here}node_modules/.bin/bun`),
    run: () =>
      program(
        `${here}node_modules/.bin/bun`,
        ["test", ...servedFiles.map((file) => `./${file}.test.mjs`)],
        /(\d+) pass\b/g,
      ),
  },
  {
    name: "Deno",
    packages: servedPackages,
    version: () => versionOf(`${here}node_modules/.bin/deno`),
    async run() {
      const bundles = [];
      for (const file of servedFiles) {
        bundles.push(await bundle(`${file}.deno.test`, { entryPoints: [`${here}${file}.test.mjs`], platform: "node" }));
      }
      const allowed = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-net=127.0.0.1"];
      const parameters = ["test", ...allowed, "--no-check", "--no-lock", "--no-config", ...bundles];
      return program(`${here}node_modules/.bin/deno`, parameters, /(\d+) passed/g);
    },
  },
  {
    name: "workerd",
    packages: bothPackages,
    version: () => require(require.resolve("workerd/package.json", { paths: [require.resolve("miniflare")] })).version,
    run: inWorkerd,
  },
  { name: "Chromium", packages: "core", version: () => chromium.version, run: inChromium },
];

async function inWorkerd() {
  const scriptPath = await collected("workerd", files, {
    footer: `import { runCollected } from "./collected-tests.mjs";
      export default { fetch: async () => Response.json(await runCollected()) };`,
    build: { alias: { "node:test": `${here}collected-tests.mjs` }, platform: "node" },
  });
  const { Miniflare } = await import(require.resolve("miniflare"));
  const worker = new Miniflare({
    modules: true,
    scriptPath,
    modulesRoot: out,
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings: origins.environment,
    cf: false,
  });
  try {
    return count(await (await worker.dispatchFetch("http://worker.test/")).json());
  } finally {
    await worker.dispose();
  }
}

const chromium = { version: "" };

async function inChromium() {
  const { launchBrowser } = await import("../../tests/lib/browser.ts");
  const browser = await launchBrowser();
  try {
    chromium.version = browser.version();
    const file = await collected("chromium", ["core"], {
      footer: 'import { runCollected } from "./collected-tests.mjs"; globalThis.runCollected = runCollected;',
      build: {
        alias: { "node:test": `${here}collected-tests.mjs`, "node:assert/strict": `${here}plain-assert.mjs` },
        platform: "browser",
        external: [],
      },
    });
    const page = await browser.newPage();
    // WebCrypto is there in secure contexts only; the page itself comes from no network.
    await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto("https://runtimes.test/");
    await page.addScriptTag({ path: file, type: "module" });
    return count(await page.evaluate(() => globalThis.runCollected()));
  } finally {
    await browser.close();
  }
}

function count({ passed, failures }) {
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return passed;
}

const rows = [];
let isComplete = true;
for (const runtime of runtimes) {
  try {
    const passed = await runtime.run();
    rows.push([`${runtime.name} ${runtime.version()}`, runtime.packages, `${passed} tests pass`]);
  } catch (error) {
    isComplete = false;
    console.error(`${runtime.name}: ${error.stack}`);
    rows.push([runtime.name, runtime.packages, `does not run here: ${error.message.split("\n")[0].slice(0, 120)}`]);
  }
}

origins.close();

const width = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length), 8));
const line = (row) => `| ${row.map((cell, column) => cell.padEnd(width[column])).join(" | ")} |`;
const table = [
  line(["Runtime", "Packages", "Result"]),
  `| ${width.map((size) => "-".repeat(size)).join(" | ")} |`,
  ...rows.map(line),
];
console.log(table.join("\n"));

writeFileSync(
  new URL("README.md", import.meta.url),
  `# Runtimes

Written by \`npx -y pnpm@12 check runtimes\`, which runs the tests in \`tools/runtimes\` against the built packages: the published
PKCE vectors, redirects between two origins on loopback, a session sealed on Node that must open, login, refresh and logout
in process, logins of command lines with their tokens in files, and a server of the runtime's own that outlives 100 WebSockets whose tokens or cookies were due. They use \`node:test\`;
where there is none (workerd, browsers) a few lines stand for it. Deno, workerd and Chromium get one bundled file.

${table.join("\n")}

The server package holds the app's secret, so no browser has a use for it. Adapters run where their framework does, and
keep one contract there: Express 4 and 5, Hono, Next 16 and Fastify in [tests/adapters](../../tests/adapters), and Next 15 and 16 with
each bundler and runtime of theirs in [tools/next-cells](../next-cells/README.md).

Firefox and WebKit are not in the table: npm has neither as a program that can be driven. Where Debian's packages are
installed, \`npx -y pnpm@12 check browsers\` logs in, refreshes and logs out in both, on each example over http and on one over https.
`,
);
process.exitCode = isComplete ? 0 : 1;
