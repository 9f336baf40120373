import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import { createUserAgent, people } from "@pixy/testing";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import { requirement } from "../lib/requirement.ts";
import { nodeVersions } from "./node-versions.ts";
import { createProject, type Project, reachesRegistry } from "./project.ts";
import { expressQuickStart, honoQuickStart } from "./quick-start.ts";
import { pack, publishablePackages, type Tarball } from "./tarball.ts";

const packages = publishablePackages();
/** What is imported of a package: a preset of those that have no root. */
const entryOf = (name: string) => (name === "@pixy/providers" ? "spotify" : "index");
const types = fileURLToPath(new URL("../types", import.meta.url));
const apps = ["express.ts", "hono.ts", "next.ts", "server.ts"];
const require = createRequire(import.meta.url);
// The old compiler takes seconds: `check packages` asks for it.
const names = process.env.PIXY_CHECK_PACKAGES ? ["typescript", "typescript5"] : ["typescript"];
const compilers = names.map((name) => [name, join(require.resolve(`${name}/package.json`), "../bin/tsc")] as const);
const tarballs = new Map<string, Tarball>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pixy-tarballs-"));
  for (const one of packages) tarballs.set(one.name, await pack(one, folder));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function tarballOf(name: string): Tarball {
  const tarball = tarballs.get(name);
  if (tarball === undefined) throw new Error(`${name} was not packed.`);
  return tarball;
}

for (const { name } of packages) {
  describe(`the tarball of ${name}`, () => {
    const contents = (): Package => createPackageFromTarballData(tarballOf(name).bytes);
    const manifestOf = (packed: Package) => JSON.parse(packed.readFile(`/node_modules/${name}/package.json`));

    it("has what runs, what describes it, and nothing else", () => {
      const packed = contents();
      const files = packed.listFiles().map((path) => path.replace(`/node_modules/${name}/`, ""));
      expect(files).toEqual(
        expect.arrayContaining(["LICENSE", "README.md", `dist/${entryOf(name)}.d.ts`, `dist/${entryOf(name)}.js`]),
      );
      const expected = /^(LICENSE|README\.md|package\.json|dist\/[\w./-]+\.(js|d\.ts)|dist\/page\.css)$/;
      expect(files.filter((path) => !expected.test(path) || /\.test\./.test(path))).toEqual([]);
      for (const path of files.filter((file) => file.endsWith(".js") || file.endsWith(".d.ts"))) {
        expect(packed.readFile(`/node_modules/${name}/${path}`), path).not.toMatch(/sourceMappingURL|@pixy\/source/);
      }
    });

    it("says only what holds for somebody who installs it", () => {
      const manifest = manifestOf(contents());
      expect(manifest).toMatchObject({
        name,
        license: "MIT",
        type: "module",
        sideEffects: false,
        engines: { node: ">=20.19" },
        publishConfig: { access: "public" },
      });
      expect(manifest.description).toMatch(/\w.*\.$/);
      expect(JSON.stringify(manifest)).not.toMatch(/workspace:|@pixy\/source|\.\/src\//);
      // A range, or whoever installs us cannot have their security fix before we release.
      const versions = Object.values<string>(manifest.dependencies ?? {});
      expect(versions.filter((version) => !version.startsWith("^"))).toEqual([]);
      for (const key of ["repository", "homepage", "bugs"]) expect(manifest).not.toHaveProperty(key);
    });

    it("passes publint, strictly", async () => {
      const { messages, pkg } = await publint({ pack: { tarball: tarballOf(name).bytes.buffer }, strict: true });
      expect(
        messages.map((message) => formatMessage(message, pkg as Record<string, unknown>, { color: false })),
      ).toEqual([]);
    });

    it("has types that every ESM resolution finds", async () => {
      const result = await checkPackage(contents());
      // `esm-only`: by design nothing is there for node10, and `require` gets an ES module.
      if (result.types === false) throw new Error("There are no types.");
      const isByDesign = (kind: string | undefined) => kind === "node10" || kind === "node16-cjs";
      const problems = result.problems.filter(
        (problem) => !("resolutionKind" in problem && isByDesign(problem.resolutionKind)),
      );
      expect(problems).toEqual([]);
    });
  });
}

const installs = requirement("a package registry", await reachesRegistry(), "npm ping, until it answers");

installs("an empty project with the tarballs installed", () => {
  let project: Project;

  beforeAll(async () => {
    project = await createProject([...tarballs.values()], {
      "@hono/node-server": "^2.0.0",
      "@types/express": "^5.0.0",
      "@types/node": "^24.0.0",
      express: "^5.0.0",
      hono: "^4.0.0",
    });
    await project.write("express.js", expressQuickStart());
    await project.write("hono.js", honoQuickStart());
    for (const app of apps) await project.write(app, await readFile(join(types, app), "utf8"));
  });

  afterAll(() => project?.remove());

  describe.each(["nodenext", "bundler"])("with moduleResolution %s", (moduleResolution) => {
    it.each(compilers)(
      "%s infers what onLogin returns, from the declarations that were packed",
      async (_name, compiler) => {
        const config = `tsconfig.${moduleResolution}.json`;
        const compilerOptions = {
          module: moduleResolution === "nodenext" ? "nodenext" : "esnext",
          moduleResolution,
          target: "es2022",
          lib: ["es2023", "dom", "dom.iterable"],
          types: ["node"],
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          // Our own declarations are checked by the imports; Next's need React's.
          skipLibCheck: true,
        };
        await project.write(config, JSON.stringify({ compilerOptions, files: apps }));
        expect(await project.run(process.execPath, compiler, "-p", config)).toBe("");
      },
    );
  });

  it("the commands of the tarballs have all that they need", async () => {
    const printed = await project.run(
      process.execPath,
      "node_modules/.bin/pixy",
      "init",
      "--provider",
      "spotify",
      "--store",
      "cookie",
    );
    // The project has an app of its own by now.
    expect(printed).toContain("wrote  auth.js\n");
    expect(printed).toContain("https://developer.spotify.com/dashboard");
    const room = startChild({
      ...{ name: "control page", cwd: project.folder, ready: /listening on (\S+)/ },
      command: [process.execPath, "node_modules/.bin/pixy-testing", "--port", "0", "--page"],
    });
    try {
      const url = (await room.ready)?.[1] ?? "";
      for (const path of ["/", "/__test/page.js", "/__test/page.css"]) {
        expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
      }
    } finally {
      await room.stop();
    }
  });

  // Durable Objects are imported from the runtime itself.
  const importable = packages
    .map(({ name }) => (entryOf(name) === "index" ? name : `${name}/${entryOf(name)}`))
    .filter((name) => name !== "@pixy/cloudflare");

  for (const node of nodeVersions()) {
    it.each(importable)(`${node.version} imports and requires %s`, async (name) => {
      const program = `
        import { createRequire } from "node:module";
        const imported = await import("${name}");
        const required = createRequire(import.meta.url)("${name}");
        if (Object.keys(imported).length === 0 || imported !== required) throw new Error("not the same module");`;
      await project.run(node.path, "--input-type=module", "--no-warnings", "--eval", program);
    });

    it.each(["express.js", "hono.js"])(
      `${node.version} runs the quick start %s, and the doctor finds it well`,
      async (file) => {
        const provider = startChild({
          name: "provider",
          command: [node.path, "node_modules/.bin/pixy-testing", "--port", "0", "--auto-approve", "ada"],
          cwd: project.folder,
          ready: /listening on (\S+)/,
        });
        const port = await freePort();
        const baseUrl = `http://127.0.0.1:${port}`;
        try {
          const PROVIDER_URL = (await provider.ready)?.[1] ?? "";
          const SESSION_SECRET = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
          const variables = { PROVIDER_URL, BASE_URL: baseUrl, SESSION_SECRET, SPOTIFY_CLIENT_ID: "x" };
          const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
          await project.write(".env", lines.join("\n"));
          const app = startChild({
            name: file,
            command: [node.path, file],
            cwd: project.folder,
            environment: variables,
            ready: /listening/,
          });
          try {
            await app.ready;
            const browser = createUserAgent();
            expect((await browser.call(`${baseUrl}/me`)).status).toBe(401);
            const doctor = await project.run(node.path, "node_modules/.bin/pixy", "doctor", ".env");
            expect(doctor).toContain("Logins can work: 0 failed, 0 to look at");
            const page = await browser.login(`${baseUrl}/me`, { person: "ada" });
            expect(JSON.parse(page.body)).toMatchObject({ id: people.ada.id });
            const logout = await browser.call(`${baseUrl}/auth/logout`, { method: "POST" });
            expect(logout.hops[0]?.status).toBe(303);
            expect((await browser.call(`${baseUrl}/me`)).status).toBe(401);
          } finally {
            await app.stop();
          }
        } finally {
          await provider.stop();
        }
      },
    );
  }
});
