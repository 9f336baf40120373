/** Builds the site from the pages of the repository; with `--serve` it is shown afterwards. Fails on a warning, too. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deadLinks } from "./anchors.ts";
import { writePages } from "./pages.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const vitepress = fileURLToPath(new URL("node_modules/vitepress/bin/vitepress.js", import.meta.url));

const api = fileURLToPath(new URL("../../docs/api", import.meta.url));
const site = `${here}.cache/site`;

writePages();
const build = spawn(process.execPath, [vitepress, "build", here], {
  stdio: ["ignore", "pipe", "pipe"],
  env: process.env,
});
let output = "";
for (const stream of [build.stdout, build.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
const [status] = (await once(build, "close")) as [number | null];
const dead = status === 0 ? deadLinks(site) : [];
const warnings = output.split("\n").filter((line) => /\bwarn(ing)?\b|\(!\)|falling back/i.test(line));
if (status !== 0 || dead.length > 0 || warnings.length > 0) {
  console.error(output);
  console.error([...dead, ...warnings].join("\n"));
  process.exit(1);
}
if (existsSync(api)) cpSync(api, `${site}/api`, { recursive: true });
console.log("The site is built, without a warning: tools/docs/.cache/site");

if (process.argv.includes("--serve")) {
  spawn(process.execPath, [vitepress, "preview", here, "--port", process.env.PORT ?? "4100"], { stdio: "inherit" });
}
