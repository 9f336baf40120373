import { describe, expect, it } from "vitest";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { createClock } from "./clock.ts";
import { deviceGrantType } from "./devices.ts";

const issuer = "https://provider.test";

function world() {
  const clock = createClock();
  const server = createAuthorizationServer({ clock });
  const post = async (path: string, form: Record<string, string>) => {
    const answer = await server.fetch(`${issuer}${path}`, { method: "POST", body: new URLSearchParams(form) });
    return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
  };
  const begin = async () =>
    (await post("/device_authorization", { client_id: "tv", scope: "a b" })) as unknown as Record<string, string>;
  const poll = (code: string | undefined, client = "tv") =>
    post("/api/token", { grant_type: deviceGrantType, device_code: code ?? "", client_id: client });
  return { clock, server, post, begin, poll };
}

describe("a device's login", () => {
  it("waits, and gets tokens once somebody has answered", async () => {
    const { clock, server, begin, poll } = world();
    const { device_code, user_code, ...rest } = await begin();
    expect(user_code).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    expect(rest).toMatchObject({ status: 200, verification_uri: `${issuer}/device`, expires_in: 600, interval: 5 });
    expect(await poll(device_code)).toMatchObject({ status: 400, error: "authorization_pending" });
    server.decideDevice((user_code ?? "").toLowerCase().replace("-", ""), { person: "ada" });
    clock.advance(5_000);
    expect(await poll(device_code)).toMatchObject({ status: 200, scope: "a b" });
    clock.advance(5_000);
    expect(await poll(device_code)).toMatchObject({ status: 400, error: "invalid_grant" });
    expect(server.violations).toEqual([]);
  });

  it("is told to slow down, and then has to wait five seconds longer", async () => {
    const { clock, server, begin, poll } = world();
    const { device_code } = await begin();
    await poll(device_code);
    clock.advance(4_999);
    expect(await poll(device_code)).toMatchObject({ error: "slow_down" });
    clock.advance(9_999);
    expect(await poll(device_code)).toMatchObject({ error: "slow_down" });
    clock.advance(15_000);
    expect(await poll(device_code)).toMatchObject({ error: "authorization_pending" });
    expect(server.violations.map(({ rule }) => rule)).toEqual(["device_polled_too_fast", "device_polled_too_fast"]);
  });

  it("ends: refused, too late, of another client, unknown", async () => {
    const { clock, server, begin, poll } = world();
    const first = await begin();
    expect(await poll(first.device_code, "another")).toMatchObject({ error: "invalid_grant" });
    server.decideDevice(first.user_code ?? "", { person: "deny" });
    expect(await poll(first.device_code)).toMatchObject({ error: "access_denied" });
    const second = await begin();
    clock.advance(600_000);
    expect(await poll(second.device_code)).toMatchObject({ error: "expired_token" });
    expect(() => server.decideDevice(second.user_code ?? "", { person: "ada" })).toThrow(/No device waits/);
    expect(await poll("unknown")).toMatchObject({ error: "invalid_grant" });
    expect(server.violations.map(({ rule }) => rule)).toEqual(["device_code_of_another_client"]);
  });

  it("is answered on a page: the code, then the person", async () => {
    const { server, begin, poll } = world();
    const page = async (path: string, init?: RequestInit) => (await server.fetch(`${issuer}${path}`, init)).text();
    const { device_code, user_code } = await begin();
    expect(await page("/device")).toContain('name="user_code"');
    expect(await page("/device?user_code=<b>")).toContain("No device waits with the code &lt;b&gt;.");
    const url = `/device?user_code=${user_code}`;
    expect(await page(url)).toContain("Log in as Ada Lovelace");
    const body = new URLSearchParams({ person: "grace" });
    expect(await page(url, { method: "POST", body })).toContain("The device is logged in.");
    expect(await page(url)).toContain("No device waits");
    expect(await poll(device_code)).toMatchObject({ status: 200 });
  });

  it("is in the metadata, and a provider without it has none", async () => {
    const { server } = world();
    const path = "/.well-known/oauth-authorization-server";
    expect(await (await server.fetch(`${issuer}${path}`)).json()).toMatchObject({
      device_authorization_endpoint: `${issuer}/device_authorization`,
    });
    const spotify = createAuthorizationServer({ as: "spotify" });
    const body = new URLSearchParams({ grant_type: deviceGrantType, device_code: "x", client_id: "tv" });
    const answer = await spotify.fetch("https://accounts.spotify.com/api/token", { method: "POST", body });
    expect(await answer.json()).toMatchObject({ error: "unsupported_grant_type" });
  });
});
