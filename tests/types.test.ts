import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const apps = globSync("types/*.ts", { cwd: here }).sort();
const expectation = /@ts-expect-error/;

/** Compiles a folder and returns `file:line` of each line with an error, in order: overloads tell several of one line. */
async function errorsOf(folder: string): Promise<string[]> {
  const output = await run("tsc", ["-p", folder, "--pretty", "false"], { cwd: here }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
  // Anything else that it prints, such as "No inputs were found", is an error too.
  const lines = output.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
  return [...new Set(lines.map((line) => line.replace(/^(?:.*\/)?([\w-]+\.ts)\((\d+),.*$/, "$1:$2")))].sort();
}

describe("the types of apps that use Pixy", () => {
  it("infer what onLogin returns, and give no token to who may be signed out", async () => {
    expect(apps.length).toBeGreaterThan(3);
    expect(await errorsOf("types")).toEqual([]);
  });

  it("can be exported by an app that writes declarations and does not see the types of Express", async () => {
    await mkdir(join(here, ".cache"), { recursive: true });
    const folder = await mkdtemp(join(here, ".cache/declarations-"));
    try {
      const app = [
        'import { pixy } from "@pixy/express"; import { spotify } from "@pixy/providers/spotify";',
        'const auth = pixy({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret: "" });',
        "export const routes = auth.routes();",
        "export const middleware = auth.middleware();",
        "export const guards = [auth.requireLogin(), auth.requireScope('a')];",
        "export const onError = auth.errorHandler();",
        "export { auth };",
      ];
      await writeFile(join(folder, "app.ts"), app.join("\n"));
      const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: "out" };
      const configuration = { extends: "../../types/tsconfig.json", compilerOptions, include: ["*.ts"] };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration));
      expect(await errorsOf(folder)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  // A configuration that leaves the folder out, or a type that became `any`, would pass the test above unseen.
  it("fail at each place that expects an error, once nothing expects it", async () => {
    await mkdir(join(here, ".cache"), { recursive: true });
    const folder = await mkdtemp(join(here, ".cache/types-"));
    try {
      const expected: string[] = [];
      for (const app of apps) {
        const lines = (await readFile(join(here, app), "utf8")).split("\n");
        const name = app.replace("types/", "");
        lines.forEach((line, index) => {
          if (expectation.test(line)) expected.push(`${name}:${index + 2}`);
        });
        await writeFile(join(folder, name), lines.map((line) => (expectation.test(line) ? "" : line)).join("\n"));
      }
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../types/tsconfig.json", include: ["*.ts"] }),
      );
      expect(expected.length).toBeGreaterThan(20);
      expect(await errorsOf(folder)).toEqual(expected.sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
