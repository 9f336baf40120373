import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { freePort } from "../../tools/lib/port.ts";
import { findBrowser, withBrowser } from "../lib/browser.ts";
import { secret } from "../lib/web-app.ts";
import { exampleFilesOf } from "./code-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = "docs/testing-your-app.md";
// Below `tests`, where Playwright is found.
const folder = join(root, "tests/.cache/playwright");
const run = promisify(execFile);

/** What is of this machine: the browser, and that it runs as root. */
const config = `import config from "./playwright.config.ts";
const launchOptions = { executablePath: process.env.CHROME_PATH, args: ["--no-sandbox"] };
export default { ...config, use: { ...config.use, launchOptions }, outputDir: "results", reporter: "line", workers: 1 };
`;

withBrowser("docs/testing-your-app.md", () => {
  it("has a test of Playwright that passes, with the Express example for an app", async () => {
    const [app, provider] = [await freePort(), await freePort()];
    const start = `${process.execPath} --conditions=@pixy/source ${root}`;
    const files = exampleFilesOf(page, readFileSync(join(root, page), "utf8"));
    const own = files.filter(({ path }) => /\/(playwright\.config|login\.spec)\.ts$/.test(path));
    expect(own).toHaveLength(2);
    for (const { path, text } of own) {
      const here = text
        .replaceAll(":3000", `:${app}`)
        .replaceAll(/4000/g, String(provider))
        .replace("npx @pixy/testing", `${start}packages/testing/src/cli.ts`)
        .replace("npm start", `${start}examples/express/src/server.ts`);
      const file = join(folder, path.slice(path.indexOf("/") + 1));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, here);
    }
    writeFileSync(join(folder, "here.config.ts"), config);
    const browser = await findBrowser()?.prepare();
    const { stdout } = await run(
      process.execPath,
      [join(root, "tests/node_modules/@playwright/test/cli.js"), "test", "--config", "here.config.ts"],
      {
        cwd: folder,
        env: {
          ...{ PATH: process.env.PATH, HOME: folder, ...browser?.env, CHROME_PATH: browser?.executablePath },
          ...{ PORT: String(app), SESSION_SECRET: secret },
        },
      },
    ).catch((error: { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}\n${error.stderr}` }));
    expect(stdout).toContain("1 passed");
  });
});
