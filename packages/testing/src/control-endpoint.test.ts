import { afterAll, beforeAll, expect, it } from "vitest";
import { authorizationUrl, callApi, type Fetch, obtainTokens, refresh } from "../test/fixture.ts";
import { createAuthorizationServer } from "./authorization-server.ts";
import { createClock } from "./clock.ts";
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

it("is closed unless it was opened", async () => {
  const closed = await serve(createAuthorizationServer());
  expect((await fetch(`${closed.url}/__test/state`)).status).toBe(404);
  await closed.close();
});
