import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthorizationServer, serve } from "@pixy/testing";
import { expect, it } from "vitest";
import { createHome } from "../../examples/native/test/run.ts";
import { codeBlocksOf } from "./markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The README's command line as it stands there; only the provider is another one, and the client id is given. */
it("the README's command line runs: the browser opens, and the person's profile is printed", async () => {
  const blocks = codeBlocksOf(readFileSync(join(root, "README.md"), "utf8"));
  const code = blocks.find((block) => block.code.includes("@pixy/native"))?.code ?? "";
  const lines = code.split("\n").filter((line) => line !== "");
  expect(lines.length).toBeLessThanOrEqual(10);
  const imported = 'import { Scopes, spotify } from "@pixy/providers/spotify";';
  expect(code).toContain(imported);
  const given =
    'import { Scopes, spotifyAt } from "@pixy/providers/spotify";\n' +
    'const spotify = spotifyAt(process.env.PROVIDER_URL ?? ""), clientId = "readme";';

  // Below tests/, where our packages are found.
  const folder = join(root, "tests/.cache/readme-native");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "run.ts");
  writeFileSync(file, code.replace(imported, given));
  const provider = createAuthorizationServer();
  const server = await serve(provider);
  try {
    const home = await createHome(server.url);
    const first = home.start([], {}, file);
    await expect.poll(() => home.opened(), { timeout: 45_000 }).toMatch(/^http/);
    await fetch(await provider.authorize(await home.opened(), { person: "ada" }));
    expect([await first.exitCode, first.stdout()]).toEqual([0, expect.stringContaining("'Ada Lovelace'")]);
    // Once more: nobody has to log in.
    const second = home.start([], {}, file);
    expect([await second.exitCode, second.stdout(), second.stderr()]).toEqual([0, first.stdout(), ""]);
    expect(provider.violations).toEqual([]);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
