import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { defineProvider } from "../../packages/core/dist/index.js";
import { fileStore, pixy } from "../../packages/native/dist/index.js";
import { createAuthorizationServer, createClock } from "../../packages/testing/dist/index.js";

const issuer = "https://provider.test";

async function world() {
  const clock = createClock();
  const server = createAuthorizationServer({ clock, rotation: "strict" });
  const provider = defineProvider({
    ...{ name: "fake", issuer, authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/api/token` },
    ...{ deviceAuthorizationEndpoint: `${issuer}/device_authorization`, api: issuer },
  });
  const folder = await mkdtemp(join(tmpdir(), "pixy-runtimes-"));
  const directory = join(folder, "app");
  const app = (more = {}) =>
    pixy({
      ...{ name: "app", provider, clientId: "cli", scope: ["user-read-private"], show() {}, fetch: server.fetch },
      ...{ store: fileStore({ directory, now: clock.now }), now: clock.now },
      machine: { platform: "linux", environment: { DISPLAY: ":0" }, home: "/nowhere" },
      openBrowser: async (url) => {
        const page = await fetch(await server.authorize(url, { person: "ada" }));
        assert.match(await page.text(), /You may close this window/);
      },
      wait: async (milliseconds) => clock.advance(milliseconds),
      ...more,
    });
  return { clock, server, app, directory, close: () => rm(folder, { recursive: true }) };
}

test("a login over loopback is kept in files, and twenty that ask at once renew once", async () => {
  const { clock, server, app, directory, close } = await world();
  await assert.rejects(app().fetch("/v1/me"), { code: "login_required" });
  assert.equal((await app().login()).loggedIn, true);
  clock.advance(3_600_000);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app().fetch("/v1/me")));
  for (const answer of answers) assert.equal((await answer.json()).display_name, "Ada Lovelace");
  assert.equal(server.tokenRequests("refresh_token").length, 1);
  assert.deepEqual(server.violations, []);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  const files = (await readdir(directory, { recursive: true })).map((name) => join(directory, name));
  for (const file of files) {
    const found = await stat(file);
    if (found.isFile()) assert.equal(found.mode & 0o777, 0o600);
  }
  await chmod(directory, 0o755);
  await assert.rejects(app().fetch("/v1/me"), { code: "file_exposed" });
  await chmod(directory, 0o700);
  await app().logout();
  await close();
});

test("a login with a code on another screen", async () => {
  const { server, app, close } = await world();
  const show = (prompt) => server.decideDevice(prompt.userCode, { person: "grace" });
  assert.equal((await app({ show }).login({ way: "device" })).loggedIn, true);
  assert.equal((await (await app().fetch("/v1/me")).json()).display_name, "Grace Hopper");
  assert.deepEqual(server.violations, []);
  await close();
});

test("a pasted address", async () => {
  const { server, app, close } = await world();
  let url = "";
  const terminal = {
    ...{ isInteractive: true, columns: 80, write() {} },
    readLine: () => server.authorize(url, { person: "ada" }),
  };
  const show = (prompt) => {
    url = prompt.url;
  };
  assert.equal((await app({ terminal, show }).login({ way: "paste" })).loggedIn, true);
  await close();
});
