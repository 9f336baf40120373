import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { diagnose, type Finding, type PixyOptions } from "@pixy/server";

/** `pixy doctor [file]`: prints what `diagnose` finds. */
export async function doctor(file: string | undefined): Promise<void> {
  print(await diagnose(await readFile(file)));
}

async function readFile(path: string | undefined): Promise<PixyOptions<unknown>> {
  if (path !== undefined && !/(^|[/\\])\.env[^/\\]*$|\.env$/.test(path)) return fromModule(path);
  if (path !== undefined) process.loadEnvFile(path);
  return fromVariables(process.env, await preset());
}

type Preset = typeof import("@pixy/providers/spotify");

// An app has it where it uses it.
async function preset(): Promise<Preset> {
  try {
    return await import("@pixy/providers/spotify");
  } catch {
    throw new Error("@pixy/providers is not installed. Install it, or name a module that exports the app's options.");
  }
}

function fromVariables(variables: NodeJS.ProcessEnv, { spotify, spotifyAt }: Preset): PixyOptions<unknown> {
  const { BASE_URL, SESSION_SECRET, SPOTIFY_CLIENT_ID, PROVIDER_URL } = variables;
  const given = { BASE_URL, SESSION_SECRET, SPOTIFY_CLIENT_ID };
  const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length > 0) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new Error(`${missing.join(", ")} ${verb} not set. Give the app's values. More: npx @pixy/server help`);
  }
  return {
    provider: PROVIDER_URL ? spotifyAt(PROVIDER_URL) : spotify,
    clientId: SPOTIFY_CLIENT_ID ?? "",
    baseUrl: BASE_URL ?? "",
    secret: SESSION_SECRET ?? "",
  };
}

async function fromModule(path: string): Promise<PixyOptions<unknown>> {
  const imported: { readonly options?: unknown; readonly default?: unknown } = await import(
    pathToFileURL(resolve(path)).href
  );
  const options = imported.options ?? imported.default;
  const made: unknown = typeof options === "function" ? await options(process.env) : options;
  if (typeof made === "object" && made !== null) return made as PixyOptions<unknown>;
  throw new Error(`${path} exports no options. Export what the app gives to pixy(…): export const options = { … };`);
}

function print(findings: readonly Finding[]): void {
  const marks = { fine: "ok     ", warning: "warning", failure: "FAILURE" } as const;
  for (const { level, code, message, hint } of findings) {
    process.stdout.write(`${marks[level]}  ${message}${level === "fine" ? "" : `  [${code}]`}\n`);
    if (hint !== undefined && !message.includes(hint)) process.stdout.write(`         ${hint}\n`);
  }
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const [failures, warnings] = [count("failure"), count("warning")];
  const verdict = failures > 0 ? "Logins cannot work like this" : "Logins can work";
  process.stdout.write(`\n${verdict}: ${failures} failed, ${warnings} to look at, ${count("fine")} in order.\n`);
  if (failures > 0) process.exitCode = 1;
  // A store of the module may hold its connection open.
  process.stdout.write("", () => process.exit());
}
