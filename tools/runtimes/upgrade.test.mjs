import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { Hono } from "hono";
import { pixy } from "../../packages/hono/dist/index.js";
import { memoryStore } from "../../packages/server/dist/index.js";
import { createAuthorizationServer, createClock, createUserAgent } from "../../packages/testing/dist/index.js";
import { options } from "./options.mjs";

/** The runtime's own server; `fetchOf` is given what makes a WebSocket of a request there. */
async function serve(fetchOf) {
  if ("Deno" in globalThis) {
    const { upgradeWebSocket } = await import("hono/deno");
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, fetchOf(upgradeWebSocket));
    return { port: server.addr.port, close: () => server.shutdown() };
  }
  if ("Bun" in globalThis) {
    const { upgradeWebSocket, websocket } = await import("hono/bun");
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: fetchOf(upgradeWebSocket), websocket });
    return { port: server.port, close: () => server.stop(true) };
  }
  const [{ serve, upgradeWebSocket }, { WebSocketServer }] = await Promise.all([
    import("@hono/node-server"),
    import("ws"),
  ]);
  const websocket = { server: new WebSocketServer({ noServer: true }) };
  return new Promise((resolve) => {
    const given = { fetch: fetchOf(upgradeWebSocket), port: 0, hostname: "127.0.0.1", websocket };
    const server = serve(given, ({ port }) => resolve({ port, close: () => server.close() }));
  });
}

/** Asks for a WebSocket and leaves; returns the status line. No client of a runtime's own takes a Cookie everywhere. */
function upgrade(port, cookie) {
  const lines = [
    ...["GET /live HTTP/1.1", `Host: 127.0.0.1:${port}`, "Connection: Upgrade", "Upgrade: websocket"],
    ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", `Cookie: ${cookie}`],
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    socket.once("data", (data) => {
      resolve(String(data).split("\r\n")[0]);
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("The connection was closed without an answer.")));
  });
}

/** Logs in, and returns what asks for a WebSocket behind the guard, and how to come to an end. */
async function begin(expiresIn, given, rules = {}) {
  const clock = createClock();
  const provider = createAuthorizationServer({ clock, issuer: options.provider.issuer, expiresIn, ...rules });
  const auth = pixy({ ...options, ...given(clock), now: clock.now, fetch: provider.fetch });
  const app = new Hono();
  app.route("/auth", auth.routes());
  app.get("/me", auth.requireLogin(), (c) => c.text("me"));
  const { port, close } = await serve((upgradeWebSocket) => {
    app.get(
      "/live",
      auth.requireLogin(),
      upgradeWebSocket(() => ({})),
    );
    return app.fetch;
  });
  const origin = options.baseUrl;
  const fetchers = { [origin]: app.fetch, [options.provider.issuer]: (request) => provider.fetch(request) };
  const browser = createUserAgent({ fetchers });
  await browser.login(`${origin}/me`, { person: "ada" });
  const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
  return {
    clock,
    close,
    refreshes: () => provider.tokenRequests("refresh_token").length,
    upgrade: async (status = /^HTTP\/1\.1 101\b/) => assert.match(await upgrade(port, cookie), status),
    ask: () => fetch(`http://127.0.0.1:${port}/me`, { headers: { cookie } }),
  };
}

test("a server outlives 100 WebSockets behind the guard, each with a token that was due", async () => {
  // With the session in the cookie no upgrade spends a refresh token: its successor's cookie may be lost.
  const { clock, upgrade, ask, refreshes, close } = await begin(3_600, ({ now }) => ({ store: memoryStore({ now }) }));
  try {
    for (let count = 0; count < 100; count++) {
      clock.advance(3_600_000);
      await upgrade();
    }
    assert.equal((await ask()).status, 200);
    assert.equal(refreshes(), 100);
  } finally {
    await close();
  }
});

test("a server outlives 100 WebSockets behind the guard, each with a cookie that was due", async () => {
  const day = 86_400;
  const { clock, upgrade, ask, close } = await begin(30 * day, () => ({}));
  try {
    clock.advance(4 * day * 1_000);
    for (let count = 0; count < 100; count++) await upgrade();
    const answer = await ask();
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.getSetCookie().length, 1);
  } finally {
    await close();
  }
});

test("an upgrade behind the guard spends no refresh token of a session in a cookie, and nobody is logged out", async () => {
  const { clock, upgrade, ask, refreshes, close } = await begin(3_600, () => ({}), { rotation: "strict" });
  try {
    // Due, and the token still works.
    clock.advance(3_590_000);
    await upgrade();
    assert.equal(refreshes(), 0);
    clock.advance(10_000);
    await upgrade(/^HTTP\/1\.1 503\b/);
    assert.equal(refreshes(), 0);
    const answer = await ask();
    assert.deepEqual([answer.status, answer.headers.getSetCookie().length, refreshes()], [200, 1, 1]);
  } finally {
    await close();
  }
});
