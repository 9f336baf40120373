import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = fileURLToPath(new URL("../../docs/the-three-examples.md", import.meta.url));
const [from, to] = ["examples/express/src/app.ts", "examples/hono/src/app.ts"];

it("docs/the-three-examples.md shows how the examples differ now", async () => {
  const labels = ["--label", from, "--label", to];
  const { status, stdout } = spawnSync("diff", ["-U", "1", ...labels, from, to], { cwd: root, encoding: "utf8" });
  expect(status, "diff says that the files differ").toBe(1);
  const text = readFileSync(page, "utf8");
  // A function, because the sources may contain what `replace` takes for a pattern.
  const current = text.replace(/^```diff\n[\s\S]*?^```$/m, () => `\`\`\`diff\n${stdout}\`\`\``);
  await expect(current).toMatchFileSnapshot(page);
});
