import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import {
  authFile,
  type Choice,
  environmentFile,
  mounting,
  type NewFile,
  nextFiles,
  packagesOf,
  plain,
  serverFile,
  stores,
  variablesOf,
} from "./files.ts";
import { frameworks, hasServer, type Project, readProject } from "./project.ts";
import { findProvider } from "./provider-choice.ts";

/** `pixy init`: writes a login into the project in `folder`, and says what is left to do. */
export async function init(words: readonly string[], folder: string, say: (line: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      provider: { type: "string" },
      store: { type: "string" },
      framework: { type: "string" },
      "base-url": { type: "string", default: "http://127.0.0.1:3000" },
    },
  });
  const project = readProject(folder);
  const framework = values.framework ?? project.framework ?? (await ask("framework", frameworks));
  const choice: Choice = {
    framework: oneOf("--framework", framework, frameworks),
    provider: findProvider(values.provider ?? (await ask("provider", ["spotify", "github", "google", "…"]))),
    store: oneOf("--store", values.store ?? (await ask("store", stores)), stores),
    baseUrl: readOrigin(values["base-url"]),
  };
  const isNew = choice.framework !== "next" && !hasServer(project);
  for (const file of filesOf(choice, project, isNew)) {
    say(write(project, file) ? `wrote  ${file.path}` : `kept   ${file.path}, which was there`);
  }
  const steps = stepsOf(choice, project, isNew).map((step, index) => `${index + 1}. ${step}`);
  say(`\n${steps.join("\n")}`);
}

function filesOf(choice: Choice, project: Project, isNew: boolean): NewFile[] {
  const { ending } = project;
  const environment = { path: ".env.example", text: environmentFile(choice) };
  if (choice.framework === "next") return [...nextFiles(choice, project), environment];
  const app = isNew
    ? { path: `server.${ending}`, text: serverFile(choice) }
    : { path: `auth.${ending}`, text: authFile(choice, true) };
  return [app, environment];
}

/** Tells whether the file was written: one that is there stays as it is, also when it appears in this moment. */
function write({ folder }: Project, { path, text }: NewFile): boolean {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(target, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (existsSync(target)) return false;
    throw error;
  }
}

function stepsOf(choice: Choice, { ending }: Project, isNew: boolean): string[] {
  const { framework, provider, store, baseUrl } = choice;
  const environment = framework === "next" ? ".env.local" : ".env";
  const values: Readonly<Record<string, string>> = {
    BASE_URL: baseUrl,
    SESSION_SECRET: randomBytes(32).toString("base64url"),
    REDIS_URL: "redis://127.0.0.1:6379",
    DATABASE_URL: "postgres://127.0.0.1:5432/app",
  };
  const variables = variablesOf(choice).map((name) => `${name}=${values[name] ?? ""}`);
  const start = framework === "next" ? "npx next dev -H 127.0.0.1" : `node --env-file=.env server.${ending}`;
  const added = framework === "next" || isNew ? [] : [...mounting[framework]];
  return [
    `npm install ${packagesOf(choice).join(" ")}`,
    `Register an app. ${plain(provider.register)}\n   Redirect URI, letter for letter: ${baseUrl}/auth/callback\n   ${plain(provider.redirects)}`,
    `Put this into ${environment}, with what that page gave you; the file does not go into git:\n${indented(variables)}`,
    ...(added.length === 0
      ? []
      : [`Add this to your app, after: import { auth } from "./auth.${ending}";\n${indented(added)}`]),
    ...(store === "postgres" ? ["Make the tables, once: npx @pixy/postgres | psql $DATABASE_URL"] : []),
    isNew || framework === "next" ? `${start}, and open ${baseUrl}/me` : `Start your app, and open ${baseUrl}/me`,
    `When something does not work: npx @pixy/server doctor ${environment}`,
  ];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "" : `   ${line}`)).join("\n");
}

async function ask(what: string, choices: readonly string[]): Promise<string> {
  if (!process.stdin.isTTY) throw new Error(`Nobody can be asked here: give --${what} ${choices.join("|")}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const first = choices[0] ?? "";
  try {
    return (await terminal.question(`Which ${what}? ${choices.join(", ")} [${first}] `)).trim() || first;
  } finally {
    terminal.close();
  }
}

function oneOf<Name extends string>(flag: string, name: string, names: readonly Name[]): Name {
  const found = names.find((one) => one === name);
  if (found === undefined) throw new Error(`${flag} is one of ${names.join(", ")}, not "${name}".`);
  return found;
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text) return text;
  throw new Error(`--base-url is an origin such as http://127.0.0.1:3000, without a path, not "${text}".`);
}
