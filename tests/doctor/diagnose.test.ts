import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { diagnose } from "@pixy/server";
import { createAuthorizationServer, type RunningApp, serve } from "@pixy/testing";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../lib/listen.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const command = fileURLToPath(new URL("../../packages/server/bin/pixy.ts", import.meta.url));
let provider: RunningApp;
let site: RunningApp;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pixy doctor "));
  provider = await serve(createAuthorizationServer());
  const app = express();
  site = await listen(app);
  app.use("/auth", pixy({ provider: spotifyAt(provider.url), clientId: "client", baseUrl: site.url, secret }).routes());
});

afterAll(async () => {
  await Promise.all([provider.close(), site.close(), rm(folder, { recursive: true })]);
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command from its source. */
function doctor(parameters: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const all = ["--conditions=@pixy/source", command, ...parameters];
    execFile(process.execPath, all, { env: variables, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("diagnose", () => {
  it("says nothing but what the options break when they cannot be used", async () => {
    const options = { provider: spotifyAt(provider.url), clientId: "client", baseUrl: "http://localhost:3000", secret };
    expect(await diagnose(options)).toMatchObject([{ level: "failure", code: "spotify_redirect_localhost" }]);
  });
});

describe("pixy doctor", () => {
  const variables = () => ({
    BASE_URL: site.url,
    SESSION_SECRET: secret,
    SPOTIFY_CLIENT_ID: "client",
    PROVIDER_URL: provider.url,
  });

  it("ends with 0 when logins can work", async () => {
    const { code, stdout, stderr } = await doctor(["doctor"], variables());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Register exactly this redirect URI for client at spotify: ${site.url}/auth/callback`);
    expect(stdout).toMatch(/\nLogins can work: 0 failed, 0 to look at, 9 in order\.\n$/);
    expect(stdout).not.toContain(secret);
  });

  it("reads a file of variables", async () => {
    const lines = Object.entries(variables()).map(([name, value]) => `${name}=${value}`);
    await writeFile(join(folder, ".env.local"), lines.join("\n"));
    expect(await doctor(["doctor", ".env.local"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("ends with 1 when they cannot, and says what to change", async () => {
    const { code, stdout } = await doctor(["doctor"], { ...variables(), SPOTIFY_CLIENT_ID: "another" });
    expect(code).toBe(1);
    expect(stdout).toContain("FAILURE  The running app sends the client id client,");
    expect(stdout).toMatch(/\nLogins cannot work like this: 1 failed/);
  });

  it.each([
    ["options", "export const options = (env) => ({ ...shared, secret: env.SESSION_SECRET });"],
    ["default", `export default { ...shared, secret: "${secret}" };`],
  ])("reads %s of a module", async (name, code) => {
    const shared = `import { spotifyAt } from ${JSON.stringify(import.meta.resolve("@pixy/providers/spotify"))};
      const shared = { provider: spotifyAt("${provider.url}"), clientId: "client", baseUrl: "${site.url}" };`;
    await writeFile(join(folder, `${name}.mjs`), `${shared}\n${code}`);
    expect(await doctor(["doctor", `${name}.mjs`], { SESSION_SECRET: secret })).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["names what is not set", ["doctor"], "BASE_URL, SESSION_SECRET, SPOTIFY_CLIENT_ID are not set"],
    ["names a module that exports nothing", ["doctor", "empty.mjs"], "empty.mjs exports no options"],
    ["names a module that is not there", ["doctor", "nowhere.mjs"], "nowhere.mjs"],
    ["explains itself", [], "pixy doctor [file]"],
    ["knows no other command", ["cure"], "pixy doctor [file]"],
  ])("%s", async (_what, parameters, words) => {
    await writeFile(join(folder, "empty.mjs"), "export {};");
    const { code, stderr } = await doctor(parameters);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  });
});
