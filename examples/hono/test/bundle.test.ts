import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { findLeaks, type Metafile } from "../scripts/bundle.ts";

const dist = new URL("../dist/", import.meta.url);

describe("the built worker", () => {
  it("has nothing of Node in it", async () => {
    const code = await readFile(new URL("worker.js", dist), "utf8");
    const meta = JSON.parse(await readFile(new URL("meta.json", dist), "utf8")) as Metafile;
    expect(findLeaks(meta, code)).toEqual([]);
  });
});

describe("findLeaks", () => {
  async function leaksOf(contents: string): Promise<string[]> {
    const result = await build({
      stdin: { contents, resolveDir: import.meta.dirname, sourcefile: "planted.ts", loader: "ts" },
      ...{ bundle: true, write: false, metafile: true, format: "esm", outfile: "out.js", external: ["node:*"] },
    });
    return findLeaks(result.metafile as Metafile, result.outputFiles?.[0]?.text ?? "");
  }

  it("names a module of Node and who imports it", async () => {
    const leaks = await leaksOf('import { createHash } from "node:crypto"; export default createHash("sha256");');
    expect(leaks).toEqual([expect.stringMatching(/^node:crypto, imported by .*planted\.ts$/)]);
  });

  it("names a global of Node", async () => {
    expect(await leaksOf('export default Buffer.from("x");')).toEqual(["the global Buffer"]);
    expect(await leaksOf("export default (name) => require(name);")).toEqual(["the global require"]);
  });

  it("leaves a question whether one is there alone", async () => {
    expect(await leaksOf('export default typeof process === "undefined" ? null : process.env;')).toEqual([]);
  });

  it("names a package of another runtime", async () => {
    const leaks = await leaksOf('export { serve } from "../node_modules/@hono/node-server/dist/index.mjs";').catch(
      () => [],
    );
    expect(leaks).toContain("the package @hono/node-server");
  });
});
