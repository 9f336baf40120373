import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { root } from "../../tools/lib/example.ts";
import { type Requirement, requirement } from "./requirement.ts";

const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome-stable", "/usr/bin/chromium-browser"];

// Not the flags that @sparticuz/chromium comes with: they switch off web security and site isolation, and then tests
// of cookies and of cross-site requests prove nothing.
const flags = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

function shipsChromium(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

interface Program {
  readonly executablePath: string;
  /** What the program needs besides the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
}

/** `$CHROME_PATH`, else one that the system has installed, else the one that npm ships for Linux on x64, else null. */
export function findBrowser(): { readonly prepare: () => Promise<Program> } | null {
  const executablePath = process.env.CHROME_PATH || installed.find((candidate) => existsSync(candidate));
  if (executablePath) return { prepare: async () => ({ executablePath, env: {} }) };
  return shipsChromium() ? { prepare: unpackChromium } : null;
}

/**
 * Unpacks the browser of @sparticuz/chromium into a folder of our own, once for all processes: the work happens in a
 * folder beside it, and the finished one is moved into place.
 */
export async function unpackChromium(): Promise<Program> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest = await readFile(join(dirname(entry), "..", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const cache = join(root, "node_modules", ".cache", "pixy");
  const folder = join(cache, `chromium-${version}`);
  await mkdir(cache, { recursive: true });
  if (!existsSync(folder)) {
    const unfinished = await mkdtemp(join(cache, "unpacking-"));
    await unpackInto(unfinished);
    await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  }
  return {
    executablePath: join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: join(folder, "al2023", "lib"), FONTCONFIG_PATH: join(folder, "fonts") },
  };
}

/** The package takes its folder from TMPDIR and changes the environment when it is imported: both are put back. */
async function unpackInto(folder: string): Promise<void> {
  const before = { ...process.env };
  process.env.TMPDIR = folder;
  // Read while the package is imported: with it, the libraries that a bare machine lacks are unpacked as well.
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs24.x";
  try {
    const { default: shipped } = await import("@sparticuz/chromium");
    await shipped.executablePath();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Starts the browser without a window, with flags besides ours. Throws when there is none: see `withBrowser`. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const browser = findBrowser();
  if (browser === null) throw new Error("There is no browser: set CHROME_PATH, or install chromium.");
  return launch(await browser.prepare(), more);
}

export function launch({ executablePath, env }: Program, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...flags, ...more], env: { ...process.env, ...env } });
}

/** `describe` for tests that need a browser: see `requirement`. */
export const withBrowser: Requirement = requirement(
  "a browser",
  findBrowser() !== null,
  "apt-get install -y --no-install-recommends chromium (or set CHROME_PATH)",
);
