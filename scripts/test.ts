/**
 * Everything that has to hold, in one command: build, types, lint, tests.
 *
 * A broken step does not hide the ones after it. It is counted as a failure in the closing line, which the reporter
 * prints, so that the last line of the output is the whole truth.
 */
import { spawnSync } from "node:child_process";

// biome does not read NO_COLOR.
const colors = process.env.NO_COLOR ? ["--colors=off"] : [];
const steps: readonly (readonly string[])[] = [
  ["turbo", "run", "build", "typecheck", "--continue"],
  ["biome", "ci", ...colors, "."],
];

function run(command: readonly string[], environment: NodeJS.ProcessEnv = process.env): boolean {
  const [program = "", ...parameters] = command;
  console.log(`\n> ${command.join(" ")}`);
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit", env: environment });
  if (error) console.error(error.message);
  return status === 0;
}

const broken = steps.filter((step) => !run(step)).map((step) => step.join(" "));
const passed = run(["vitest", "run", ...process.argv.slice(2)], {
  ...process.env,
  PIXY_BROKEN_STEPS: JSON.stringify(broken),
});
process.exitCode = passed && broken.length === 0 ? 0 : 1;
