import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AuthorizationServer, createAuthorizationServer, serve } from "@pixy/testing";
import { withProviderAt } from "../../tests/packages/quick-start.ts";
import { startChild } from "../lib/child-process.ts";
import { logIn, logOut, outliveToken, outliveTokenInPage } from "./journey.ts";
import { environmentOn, type NodeVersion } from "./node-version.ts";
import type { Page, PageFile, Start } from "./page.ts";

const preload = new URL("spotify-is-local.mjs", import.meta.url).href;

export interface Reading {
  readonly page: Page;
  readonly node: NodeVersion;
  /** Where npm finds our packages. */
  readonly registry: string;
  readonly say: (line: string) => void;
  /** What this machine needs in every command's environment, beyond what the page says. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Does what a page says in an empty folder, and returns how each way to start the app went: null, or what failed. */
export async function follow({
  page,
  node,
  registry,
  say,
  environment: more,
}: Reading): Promise<Map<string, string | null>> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-reader-"));
  const provider = createAuthorizationServer({ issuer: "https://accounts.spotify.com" });
  const local = await serve(provider);
  try {
    const npmrc = join(folder, "npmrc");
    const settings = await readFile(node.npmrc, "utf8").catch(() => "");
    await writeFile(npmrc, `${settings}\n@pixy:registry=${registry}\n`);
    const environment: NodeJS.ProcessEnv = {
      ...environmentOn(node),
      npm_config_globalconfig: npmrc,
      npm_config_audit: "false",
      npm_config_update_notifier: "false",
      // npx asks before it runs a package that is not installed: yes.
      npm_config_yes: "true",
      NEXT_TELEMETRY_DISABLED: "1",
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      ...more,
    };
    const home = join(folder, "home");
    await mkdir(home);
    const app: App = { folder: home, environment, page, provider, local: local.url, say };
    const written = await prepare(app);
    const results = new Map<string, string | null>();
    for (const start of page.starts.filter(({ since }) => isAtLeast(node, since))) {
      say(start.command);
      results.set(start.command, await problemOf(() => tryOut(app, written, start)));
    }
    return results;
  } finally {
    await local.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface App {
  /** Where the reader is; `cd` moves on. */
  folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly page: Page;
  readonly provider: AuthorizationServer;
  /** Where `provider` is reached. */
  readonly local: string;
  readonly say: (line: string) => void;
}

/** Runs the commands and writes the files; returns the files. */
async function prepare(app: App): Promise<readonly PageFile[]> {
  const written: PageFile[] = [];
  let printed = "";
  for (const step of app.page.steps) {
    if (step.kind === "commands") {
      for (const line of step.code.split("\n")) app.say(line);
      printed = await command(app, step.code);
    } else {
      const text = step.kind === "file" ? step.text : fill(step.text, printed);
      app.say(`writes ${step.path}`);
      await write(app, { path: step.path, text });
      if (step.kind === "file") written.push(step);
    }
  }
  return written;
}

/** The two lines of the variables that are the reader's own. */
function fill(variables: string, printed: string): string {
  const filled = variables
    .replace("=the client id of the dashboard", "=a-client-id")
    .replace("=the line that the command printed", `=${printed.split("\n").at(-1)}`);
  assert.ok(!/=.* /.test(filled), `What is to be put in here?\n${filled}`);
  return filled;
}

async function write({ folder }: App, { path, text }: PageFile): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** Runs lines of a shell to their end, stays where they lead, and returns what they printed. */
function command(app: App, code: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const shell = spawn("sh", ["-ec", `${code}\nprintf '\\n%s' "$PWD"`], {
      cwd: app.folder,
      env: { ...app.environment, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    shell.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    shell.once("error", reject);
    shell.once("close", (status) => {
      if (status !== 0) {
        reject(new Error(`${code}\nended with ${status}.\n${stdout}${stderr}`));
        return;
      }
      const lines = stdout.split("\n");
      app.folder = lines.at(-1) ?? app.folder;
      resolve(lines.slice(0, -1).join("\n").trim());
    });
  });
}

async function tryOut(app: App, written: readonly PageFile[], start: Start): Promise<void> {
  const { page, provider, local, say } = app;
  // Nothing can be loaded before a program of workerd: there, the code names the server's address.
  const isWorkerd = /\bwrangler\b/.test(start.command);
  const imports = (file: PageFile) => file.text.includes(", spotify }");
  for (const file of isWorkerd ? written.filter(imports) : []) {
    say(`  workerd: ${file.path} says spotifyAt("${local}") in place of spotify`);
    await write(app, { path: file.path, text: withProviderAt(file.text, JSON.stringify(local)) });
  }
  const toLocal = { NODE_OPTIONS: `--import=${preload}`, SPOTIFY_IS_AT: local };
  const launch = () =>
    startChild({
      name: start.command,
      command: ["sh", "-c", start.command],
      cwd: app.folder,
      environment: { ...app.environment, ...(isWorkerd ? {} : toLocal) },
      ready: /listening on|Ready (in|on)/,
      timeout: 300_000,
    });
  let child = launch();
  try {
    await child.ready;
    say("  logs in, /me, /playlists with one more permission, five calls with a token that expired");
    const browser = await logIn(page.url, provider);
    await outliveToken(browser, provider);
    if (written.some(({ path }) => path === "app/profile/page.tsx")) {
      say("  and a page, without a proxy");
      await outliveTokenInPage(page.url, browser, provider);
    }
    say(`  ${page.doctor}`);
    const findings = await command(app, page.doctor, {
      ...toLocal,
      ...(isWorkerd ? { PROVIDER_URL: local } : {}),
    });
    assert.match(findings, /Logins can work: 0 failed, 0 to look at/, findings);
    say("  restarts, is still logged in, logs out");
    await child.stop();
    child = launch();
    await child.ready;
    await logOut(page.url, browser, provider);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nThe app printed:\n${child.output()}`);
  } finally {
    await child.stop();
    for (const file of written) await write(app, file);
  }
}

async function problemOf(work: () => Promise<void>): Promise<string | null> {
  return work().then(
    () => null,
    (error: Error) => error.message,
  );
}

function isAtLeast(node: NodeVersion, [major, minor]: readonly [number, number]): boolean {
  return node.major > major || (node.major === major && node.minor >= minor);
}
