import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createAuthorizationServer, createUserAgent, people, serve } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { authFile } from "../../packages/server/bin/files.ts";
import { providers } from "../../packages/server/bin/provider-choice.ts";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import { type NewProject, newProject, root } from "./new-project.ts";

const typescript = { devDependencies: { typescript: "7" } };
const preload = pathToFileURL(join(root, "tools/first-ten-minutes/spotify-is-local.mjs")).href;
const spotify = ["--provider", "spotify"];

/** Starts the app as the printed steps say, with Spotify on this machine, and logs in and out. */
async function logInto({ folder }: NewProject, command: readonly [string, ...string[]]): Promise<void> {
  const provider = createAuthorizationServer({ issuer: "https://accounts.spotify.com" });
  const local = await serve(provider);
  const port = String(await freePort());
  const baseUrl = `http://127.0.0.1:${port}`;
  const app = startChild({
    ...{ name: "app", command, cwd: folder, ready: /listening on|Ready in/ },
    environment: {
      ...{ PATH: process.env.PATH, NODE_OPTIONS: `--import=${preload}`, SPOTIFY_IS_AT: local.url, PORT: port },
      ...{ BASE_URL: baseUrl, SPOTIFY_CLIENT_ID: "x", SESSION_SECRET: randomBytes(32).toString("base64url") },
      ...{ NEXT_TELEMETRY_DISABLED: "1" },
    },
  });
  try {
    await app.ready;
    const browser = createUserAgent({ fetchers: { "https://accounts.spotify.com": provider.fetch } });
    expect((await browser.call(`${baseUrl}/me`)).status).toBe(401);
    const me = await browser.login(`${baseUrl}/me`, { person: "ada" });
    expect([me.url, me.json()]).toEqual([`${baseUrl}/me`, expect.objectContaining({ id: people.ada.id })]);
    expect((await browser.submit(`${baseUrl}/auth/logout`)).hops[0]?.status).toBe(303);
    expect((await browser.call(`${baseUrl}/me`)).status).toBe(401);
    expect(provider.violations).toEqual([]);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nThe app printed:\n${app.output()}`);
  } finally {
    await app.stop();
    await local.close();
  }
}

const run = (file: string): [string, ...string[]] => [process.execPath, "--conditions=@pixy/source", file];

/** The lines that the reader is to add, as they are printed. */
function addedLines(printed: string): string {
  const [, block = ""] = /\d\. Add this[^\n]*\n([\s\S]*?)\n\d\. /.exec(printed) ?? [];
  return block.replaceAll(/^ {3}/gm, "");
}

describe("npx @pixy/server init", () => {
  it("writes an Express app that compiles, starts and is logged into", async () => {
    const project = newProject("express", { type: "module", dependencies: { express: "5" }, ...typescript });
    const printed = await project.npx(...spotify, "--store", "cookie");
    expect(printed).toMatch(/^wrote {2}server\.ts\nwrote {2}\.env\.example\n/);
    expect(printed).toContain("npm install @pixy/express @pixy/providers\n");
    expect(printed).toContain("https://developer.spotify.com/dashboard, Create app.");
    expect(printed).toContain("Redirect URI, letter for letter: http://127.0.0.1:3000/auth/callback");
    expect(printed).toContain("npx @pixy/server doctor .env\n");
    const secret = /SESSION_SECRET=([\w-]+)\n/.exec(printed)?.[1] ?? "";
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    expect(project.read(".env.example") + project.read("server.ts")).not.toContain(secret);
    expect(project.read(".env.example")).toContain("SPOTIFY_CLIENT_ID=\nBASE_URL=http://127.0.0.1:3000\n");
    expect(await project.typecheck()).toBe("");
    await logInto(project, run("server.ts"));
  });

  it("adds to an Express app that is there, and overwrites nothing", async () => {
    const project = newProject("express-there", { type: "module", dependencies: { express: "5" }, ...typescript });
    project.write("app.ts", "// mine\n");
    project.write(".env.example", "MINE=1\n");
    const printed = await project.init(...spotify, "--store", "cookie");
    expect(printed).toContain("wrote  auth.ts\nkept   .env.example, which was there");
    const again = await project.init("--provider", "github", "--store", "redis");
    expect(again).toContain("kept   auth.ts, which was there");
    expect([project.read("app.ts"), project.read(".env.example")]).toEqual(["// mine\n", "MINE=1\n"]);
    expect(project.read("auth.ts")).not.toContain("github");
    const lines = `import express from "express";\nimport { auth } from "./auth.ts";\n\nconst app = express();\n${addedLines(printed)}`;
    project.write(
      "app.ts",
      `${lines}\napp.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening on"));\n`,
    );
    expect(await project.typecheck()).toBe("");
    await logInto(project, run("app.ts"));
  });

  it("writes a Hono app in JavaScript, where nothing says that modules are", async () => {
    const project = newProject("hono", { dependencies: { hono: "4" } });
    const printed = await project.init(...spotify, "--store", "cookie");
    expect(printed).toContain("wrote  server.mjs");
    expect(printed).toContain("npm install @pixy/hono @pixy/providers @hono/node-server\n");
    await logInto(project, run("server.mjs"));
    project.write("server.ts", project.read("server.mjs"));
    expect(await project.typecheck()).toBe("");
  });

  it("writes the files of a Next app", { timeout: 180_000 }, async () => {
    const project = newProject("next", { type: "module", dependencies: { next: "^16.0.0" }, ...typescript });
    const layout = `export default function Layout({ children }: { readonly children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;\n}\n`;
    project.write("app/layout.tsx", layout);
    // The packages are links to where they are written.
    project.write("next.config.ts", `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`);
    const printed = await project.init(...spotify, "--store", "cookie");
    const paths = ["auth.ts", "app/auth/[...pixy]/route.ts", "proxy.ts", "app/me/route.ts"];
    expect(printed).toContain(paths.map((path) => `wrote  ${path}\n`).join(""));
    expect(printed).toContain("kept   next.config.ts, which was there");
    const bundled = { module: "esnext", moduleResolution: "bundler", jsx: "react-jsx", customConditions: [] };
    expect(await project.typecheck({ ...bundled, types: ["node", "react"] })).toBe("");
    const next = join(project.folder, "node_modules/next/dist/bin/next");
    await logInto(project, [process.execPath, next, "dev", "-H", "127.0.0.1"]);
  });

  it("knows src/app, middleware of Next 15, and a configuration of its own", async () => {
    const project = newProject("next-15", { dependencies: { next: "^15.5.0" } });
    project.write("src/app/page.js", "");
    const printed = await project.init(
      "--provider",
      "github",
      "--store",
      "postgres",
      "--base-url",
      "http://127.0.0.1:4321",
    );
    for (const path of ["src/auth.js", "src/app/auth/[...pixy]/route.js", "src/middleware.js", "next.config.mjs"]) {
      expect(printed).toContain(`wrote  ${path}\n`);
    }
    expect(project.read("src/middleware.js")).toContain("export const middleware = auth.proxy;");
    expect(printed).toContain("GITHUB_CLIENT_SECRET=\n");
    expect(printed).toContain("letter for letter: http://127.0.0.1:4321/auth/callback");
    expect(printed).toContain("npx @pixy/postgres | psql $DATABASE_URL");
  });

  it("writes code that compiles for each provider, store and framework", async () => {
    const project = newProject("all", { type: "module", ...typescript });
    for (const provider of providers) {
      for (const framework of ["express", "hono", "next"] as const) {
        const store = ({ express: "redis", hono: "postgres", next: "redis" } as const)[framework];
        const text = authFile({ framework, provider, store, baseUrl: "http://127.0.0.1:3000" }, true);
        project.write(`auths/${provider.name}-${framework}.ts`, text);
      }
    }
    expect(providers.length).toBeGreaterThan(25);
    expect(await project.typecheck({ module: "esnext", moduleResolution: "bundler" })).toBe("");
  });

  it.each([
    [[...spotify, "--store", "cookie"], "give --framework express|next|hono"],
    [["--framework", "express", "--store", "cookie"], "Nobody can be asked here: give --provider spotify"],
    [["--framework", "koa", ...spotify], '--framework is one of express, next, hono, not "koa"'],
    [["--framework", "hono", ...spotify, "--store", "mongo"], "--store is one of cookie, redis, postgres"],
    [["--framework", "hono", "--provider", "myspace"], "--provider is one of atlassian, "],
    [
      ["--framework", "hono", "--provider", "apple"],
      "Apple's keys are set up by hand: see Apple in docs/other-providers.md",
    ],
    [["--framework", "hono", ...spotify, "--store", "cookie", "--base-url", "127.0.0.1/x"], "--base-url is an origin"],
    [["--colour", "red"], "Unknown option"],
  ])("%j: says what to change", async (words, reason) => {
    const project = newProject("refused", {});
    await expect(project.init(...words)).rejects.toThrow(reason);
    expect(() => project.read(".env.example")).toThrow("ENOENT");
  });
});
