import { type OutgoingHttpHeaders, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorizationUrl, callApi, type Fetch, obtainTokens, refresh } from "../../test/fixture.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { createClock } from "../state/clock.ts";
import { type HttpServer, serve } from "./http-server.ts";

const clock = createClock(1_000_000);
const server = createAuthorizationServer({ clock });
let http: HttpServer;
let get: Fetch;

beforeAll(async () => {
  http = await serve(server, { control: true });
  get = (path, init) => fetch(new URL(path, http.url), init);
});

afterAll(() => http.close());

async function command(name: string, body: unknown = {}): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const answer = await get(`/__test/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { answered: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

it("sets faults and clears them", async () => {
  const { access_token } = await obtainTokens(server);
  await command("fault", { at: "api", kind: "status", status: 429, retryAfter: 3, times: 1 });
  expect((await callApi(get, access_token)).headers.get("retry-after")).toBe("3");
  expect((await callApi(get, access_token)).status).toBe(200);
  expect((await command("fault", { at: "api", kind: "hang" })).faults).toEqual([{ at: "api", kind: "hang" }]);
  expect((await command("clear-faults")).faults).toEqual([]);
});

it("changes settings and moves the clock", async () => {
  const changed = await command("settings", { rotation: "rotate", expiresIn: 10, autoApprove: "grace" });
  expect(changed).toMatchObject({ answered: 200, rotation: "rotate", expiresIn: 10, autoApprove: "grace" });
  const { access_token, refresh_token } = await obtainTokens(server);
  const before = clock.now();
  expect(await command("clock", { advance: 10_000 })).toMatchObject({ now: before + 10_000 });
  expect((await callApi(get, access_token)).status).toBe(401);
  expect(await (await refresh(get, refresh_token)).json()).toHaveProperty("refresh_token");
  expect(await command("clock", { set: 5 })).toMatchObject({ now: 5 });
});

it("reads requests and violations, and forgets them", async () => {
  await command("reset");
  await get("/authorize?client_id=x");
  const requests = await (await get("/__test/requests")).json();
  expect(requests).toMatchObject([{ kind: "authorize", parameters: { client_id: "x" }, status: 400 }]);
  expect(await (await get("/__test/violations")).json()).toMatchObject([{ rule: "redirect_uri_missing" }]);
  expect(await command("reset")).toMatchObject({ requests: 0, violations: 0 });
});

it("decides for a person and revokes", async () => {
  const url = await authorizationUrl("v".repeat(43));
  expect(await command("authorize", { url, person: "deny" })).toMatchObject({
    callback: expect.stringContaining("access_denied"),
  });
  clock.set(1_000_000);
  const { access_token, refresh_token } = await obtainTokens(server);
  await command("revoke-access-tokens");
  expect((await callApi(get, access_token)).status).toBe(401);
  expect((await refresh(get, refresh_token)).status).toBe(200);
  const second = await obtainTokens(server);
  await command("revoke-grants", { person: "ada" });
  expect((await refresh(get, second.refresh_token)).status).toBe(400);
});

it("refuses what makes no sense, and says why", async () => {
  expect(await command("explode")).toMatchObject({ answered: 404 });
  expect(await command("settings", { rotten: 1 })).toMatchObject({
    answered: 400,
    message: expect.stringContaining("rotten"),
  });
  expect(await command("settings", { rotation: "x" })).toMatchObject({ answered: 400 });
  expect(await command("fault", { at: "api", kind: "x" })).toMatchObject({ answered: 400 });
  expect(await command("clock", {})).toMatchObject({ answered: 400 });
  expect(await command("authorize", { url: "/authorize", person: "eve" })).toMatchObject({ answered: 400 });
  expect((await get("/__test/reset")).status).toBe(405);
  expect((await get("/__test/fault", { method: "POST", body: "{}" })).status).toBe(415);
});

/** A request with the headers of a browser, which `fetch` may not set. */
function send(
  method: "GET" | "POST",
  command: string,
  headers: OutgoingHttpHeaders,
  to: string = http.url,
): Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(`/__test/${command}`, to), { method, headers }, async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    });
    sent.on("error", reject).end();
  });
}

describe("control takes nothing from a stranger", () => {
  const port = () => new URL(http.url).port;
  const json = { "content-type": "application/json" };

  it.each([
    ["a name that was pointed here", () => ({ host: `attacker.example:${port()}` })],
    ["a name that begins like ours", () => ({ host: `127.0.0.1.attacker.example:${port()}` })],
    ["another port", () => ({ host: "127.0.0.1:1" })],
    ["no port", () => ({ host: "127.0.0.1" })],
    ["a page of another site", () => ({ "sec-fetch-site": "cross-site" })],
    ["a page on another port of this machine", () => ({ "sec-fetch-site": "same-site" })],
    ["a foreign origin", () => ({ origin: "https://attacker.example" })],
    ["an origin on another port", () => ({ origin: "http://127.0.0.1:1" })],
    ["a page without an origin", () => ({ origin: "null" })],
  ])("with %s", async (_, headers) => {
    for (const command of ["state", "requests", "violations"]) {
      const shown = await send("GET", command, headers());
      expect([shown.status, shown.text]).toEqual([403, expect.not.stringContaining("authorize")]);
    }
    expect((await send("POST", "reset", { ...json, ...headers() })).status).toBe(403);
  });

  it.each([
    ["no content type", {}],
    ["a form's", { "content-type": "application/x-www-form-urlencoded" }],
    ["a text's that names JSON", { "content-type": "text/plain; application/json" }],
    ["one that begins like JSON's", { "content-type": "application/jsonx" }],
  ])("with %s, also without a body", async (_, headers) => {
    expect((await send("POST", "reset", headers)).status).toBe(415);
  });

  it("but takes each loopback name, its own pages, and a person's address bar", async () => {
    const own: OutgoingHttpHeaders[] = [
      { host: `localhost:${port()}` },
      { host: `LOCALHOST:${port()}` },
      { host: `[::1]:${port()}` },
      { origin: http.url, "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ];
    for (const headers of own) expect((await send("GET", "state", headers)).status).toBe(200);
    expect((await send("POST", "reset", { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(200);
  });

  it("and takes the name that it was started with", async () => {
    const named = await serve(createAuthorizationServer(), { host: "0.0.0.0", control: true });
    const host = new URL(named.url).host;
    expect((await send("GET", "state", { host }, named.url)).status).toBe(200);
    expect((await send("GET", "state", { host: `other:${new URL(named.url).port}` }, named.url)).status).toBe(403);
    await named.close();
  });

  it("and is no frame, no script and no image of a page", async () => {
    for (const headers of [{}, { host: "attacker.example" }]) {
      expect((await send("GET", "requests", headers)).headers).toMatchObject({
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
    }
  });
});

it("is closed unless it was opened", async () => {
  const closed = await serve(createAuthorizationServer());
  expect((await fetch(`${closed.url}/__test/state`)).status).toBe(404);
  await closed.close();
});

describe("the control page", () => {
  let shown: HttpServer;
  const ask = (path: string, headers: OutgoingHttpHeaders = {}) => send("GET", `..${path}`, headers, shown.url);

  beforeAll(async () => {
    shown = await serve(createAuthorizationServer(), { page: { apps: { shop: "http://127.0.0.1:1/me" } } });
  });

  afterAll(() => shown.close());

  it("runs its own script and no other, in no frame", async () => {
    const page = await ask("/");
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('src="/__test/page.js"')]);
    expect(page.text).not.toMatch(/<script>|<style|\son\w+=|style=/);
    expect(page.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect((await ask("/__test/page.js")).headers["content-type"]).toContain("text/javascript");
    expect((await ask("/__test/page.css")).headers["content-type"]).toContain("text/css");
  });

  it("shows a stranger neither what it knows nor its script, and obeys none", async () => {
    const json = { "content-type": "application/json" };
    const strangers = [
      { host: "attacker.example" },
      { "sec-fetch-site": "cross-site" },
      { origin: "http://127.0.0.1:1" },
    ];
    for (const stranger of strangers) {
      for (const command of ["room", "at-once", "log-out"]) {
        expect((await send("POST", command, { ...json, ...stranger }, shown.url)).status).toBe(403);
      }
      expect((await ask("/__test/page.js", stranger)).status).toBe(403);
    }
    expect((await send("POST", "room", {}, shown.url)).status).toBe(415);
    expect((await send("GET", "room", json, shown.url)).status).toBe(405);
  });

  it("is not there unless it was asked for", async () => {
    expect(await (await get("/")).text()).toContain("A provider to test against");
    expect((await get("/__test/page.js")).status).toBe(405);
    expect(await command("room")).toMatchObject({ answered: 404 });
  });
});
