/**
 * Everything that has to hold, in one command: build, types, lint, tests.
 *
 * A broken step does not hide the ones after it. It is counted as a failure in the closing line, which the reporter
 * prints after the end of the step's output, so that the last lines of the output are the whole truth.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

// biome does not read NO_COLOR.
const colors = process.env.NO_COLOR ? ["--colors=off"] : [];
const steps: readonly (readonly string[])[] = [
  ["turbo", "run", "build", "typecheck", "--continue"],
  ["biome", "ci", ...colors, "."],
];

const linesKept = 40;

interface Outcome {
  ok: boolean;
  /** The end of what the command said, when it was listened to. */
  said: string;
}

async function run(
  command: readonly string[],
  settings: { listen: boolean; environment?: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const [program = "", ...parameters] = command;
  console.log(`\n> ${command.join(" ")}`);
  const output = settings.listen ? "pipe" : "inherit";
  const child = spawn(program, parameters, { stdio: ["inherit", output, output], env: settings.environment });
  let said = "";
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      target.write(text);
      said = `${said}${text}`.split("\n").slice(-linesKept).join("\n");
    });
  }
  try {
    const [status] = (await once(child, "close")) as [number | null];
    return { ok: status === 0, said };
  } catch (error) {
    return { ok: false, said: String(error) };
  }
}

const broken: string[] = [];
const warnings: string[] = [];
for (const step of steps) {
  let outcome = await run(step, { listen: true });
  if (!outcome.ok) {
    // turbo remembers what it could build: the second attempt runs, and speaks of, the broken parts alone.
    outcome = await run(step, { listen: true });
    if (outcome.ok) warnings.push(`needed two attempts: ${step.join(" ")}`);
    else broken.push(`${step.join(" ")}\n${outcome.said.trimEnd()}`);
  }
}
const tests = await run(["vitest", "run", ...process.argv.slice(2)], {
  listen: false,
  environment: { ...process.env, PIXY_BROKEN_STEPS: JSON.stringify(broken), PIXY_WARNINGS: JSON.stringify(warnings) },
});
if (tests.said) console.error(tests.said);
process.exitCode = tests.ok && broken.length === 0 ? 0 : 1;
