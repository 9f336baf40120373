import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuth, fromRequest, issueSession, memoryStore } from "../../packages/server/dist/index.js";
import { createAuthorizationServer, createClock, createUserAgent } from "../../packages/testing/dist/index.js";
import { cookie as sealedOnNode } from "./fixture.mjs";
import { current, next, options } from "./options.mjs";

async function open(cookie, changes = {}) {
  const handle = createAuth({ onEvent() {}, ...options, ...changes }).open({
    method: "GET",
    url: "/",
    header: (name) => (name === "cookie" ? cookie : null),
  });
  return { session: await handle.session(), headers: handle.takeResponseHeaders() };
}

test("a session that was sealed on Node opens", async () => {
  const { session, headers } = await open(sealedOnNode);
  assert.equal(session?.data.name, "Ada Lovelace");
  assert.deepEqual(session.scope, ["user-read-private"]);
  assert.deepEqual(
    headers.filter(([name]) => name === "set-cookie"),
    [],
  );
});

test("a session that was sealed with the secret of before opens, and is sealed anew", async () => {
  const { session, headers } = await open(sealedOnNode, { secret: [next, current] });
  assert.equal(session?.data.name, "Ada Lovelace");
  assert.equal(headers.filter(([name]) => name === "set-cookie").length, 1);
});

test("a session with one character changed, or another secret, opens for nobody", async () => {
  const end = sealedOnNode.length - 5;
  const changed = sealedOnNode.slice(0, end) + (sealedOnNode[end] === "A" ? "B" : "A") + sealedOnNode.slice(end + 1);
  assert.equal((await open(changed)).session, null);
  assert.equal((await open(sealedOnNode, { secret: next })).session, null);
});

test("a session that is sealed here opens here, with a name from beyond ASCII", async () => {
  const [line] = await issueSession(options, { tokens: { accessToken: "access" }, data: { name: "Žofie 🎧" } });
  assert.equal((await open(line.split(";")[0])).session?.data.name, "Žofie 🎧");
});

for (const where of ["in the cookie", "in memory"]) {
  test(`login, refresh and logout, with the session ${where}`, async () => {
    const clock = createClock();
    const provider = createAuthorizationServer({ clock, issuer: options.provider.issuer, rotation: "strict" });
    const auth = createAuth({
      ...options,
      now: clock.now,
      fetch: provider.fetch,
      ...(where === "in memory" ? { store: memoryStore({ now: clock.now }) } : {}),
      onLogin: async (login) => ({ name: (await (await login.fetch("/v1/me")).json()).display_name }),
    });
    const app = async (request) => {
      const handle = auth.open(fromRequest(request));
      if (auth.routeOf(handle.request) !== null) return auth.respond(handle);
      const verdict = await auth.requireLogin(handle);
      if (verdict instanceof Response) return verdict;
      const response = Response.json(await (await verdict.fetch("/v1/me")).json());
      for (const [name, value] of handle.takeResponseHeaders()) response.headers.append(name, value);
      return response;
    };
    const origin = options.baseUrl;
    const fetchers = {
      [origin]: app,
      [new URL(provider.settings.issuer).origin]: (request) => provider.fetch(request),
    };
    const browser = createUserAgent({ fetchers });
    const page = await browser.login(`${origin}/me`, { person: "ada" });
    assert.deepEqual([page.status, page.json().display_name], [200, "Ada Lovelace"]);
    clock.advance(3_600_000);
    const copies = await Promise.all(Array.from({ length: 10 }, () => browser.clone()));
    const answers = await Promise.all(copies.map((copy) => copy.call(`${origin}/me`)));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      Array.from({ length: 10 }, () => 200),
    );
    assert.equal(provider.tokenRequests("refresh_token").length, 1);
    assert.equal((await browser.submit(`${origin}/auth/logout`, {}, { follow: false })).status, 303);
    assert.equal((await browser.call(`${origin}/me`)).status, 401);
    assert.deepEqual([...provider.violations], []);
  });
}
