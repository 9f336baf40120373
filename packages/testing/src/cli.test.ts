import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";

let child: ChildProcess | undefined;

afterEach(() => child?.kill("SIGKILL"));

function run(...words: string[]): { output: () => string; ended: Promise<unknown[]> } {
  const command = fileURLToPath(new URL("cli.ts", import.meta.url));
  const started = spawn(process.execPath, ["--conditions=@pixy/source", command, ...words]);
  child = started;
  let output = "";
  started.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  started.stderr.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  return { output: () => output, ended: once(started, "close") };
}

const patience = { timeout: 60_000 };

it("serves until it is told to end", patience, async () => {
  const { output, ended } = run("--port", "0", "--rotation", "strict", "--expires-in", "7", "--control");
  await expect.poll(output, patience).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  const url = output().trim().replace("listening on ", "");
  const state = await (await fetch(`${url}/__test/state`)).json();
  expect(state).toMatchObject({ issuer: url, rotation: "strict", expiresIn: 7 });
  child?.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

it("shows the control page with the apps that it is told", patience, async () => {
  const { output } = run("--port", "0", "--page", "--app", "shop=http://127.0.0.1:3000/me");
  await expect.poll(output, patience).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  const url = output().trim().replace("listening on ", "");
  expect(await (await fetch(url)).text()).toContain("<h1>Control room</h1>");
  const headers = { "content-type": "application/json" };
  const room = await fetch(`${url}/__test/room`, { method: "POST", headers });
  expect(await room.json()).toMatchObject({ apps: [{ name: "shop", href: "http://127.0.0.1:3000/" }] });
});

it("answers as a provider does, with its own lifetimes and the path of its issuer", patience, async () => {
  const { output } = run("--port", "0", "--as", "github-app", "--control");
  await expect.poll(output, patience).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  const url = output().trim().replace("listening on ", "");
  const state = await (await fetch(`${url}/__test/state`)).json();
  expect(state).toMatchObject({ issuer: `${url}/login/oauth`, rotation: "rotate", expiresIn: 28_800 });
  const form = { grant_type: "refresh_token", refresh_token: "none", client_id: "app", client_secret: "secret" };
  const answer = await fetch(`${url}/login/oauth/access_token`, {
    ...{ method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(form) },
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { error: "bad_refresh_token" }]);
});

it.each([
  [["--as", "myspace"], "as is one of"],
  [["--auto-approve", "deny"], "--auto-approve is ada or grace"],
  [["--app", "shop=http://127.0.0.1:3000/me"], "give --page too"],
  [["--page", "--app", "shop"], "--app is a name and a URL"],
  [["--page", "--app", "shop=127.0.0.1:3000"], "is an http or https URL"],
  [["--port", "\u001b[2J\u202e"], 'not "?[2J?"'],
])("%j ends with 1 and says why", patience, async (words, reason) => {
  const { output, ended } = run(...words);
  expect(await ended).toEqual([1, null]);
  expect(output()).toContain(reason);
});

it("explains itself", patience, async () => {
  const { output, ended } = run("--help");
  expect(await ended).toEqual([0, null]);
  expect(output()).toContain("--rotation <mode>");
});
