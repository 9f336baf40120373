import { expect, it } from "vitest";
import { createWorld } from "../../test/world.ts";
import type { LoginPrompt } from "../terminal/prompt.ts";

type Device = LoginPrompt & { readonly way: "device" };

/** A login with a code on another screen; `meanwhile` happens instead of each pause, and the clock goes on by as much. */
async function login(
  meanwhile: (pause: number, userCode: string, world: Awaited<ReturnType<typeof createWorld>>) => void,
) {
  const world = await createWorld({ rotation: "strict" });
  const pauses: number[] = [];
  let prompt: Device | undefined;
  const auth = world.app({
    show: (given) => {
      prompt = given as Device;
    },
    wait: async (milliseconds) => {
      world.clock.advance(milliseconds);
      pauses.push(milliseconds / 1000);
      meanwhile(pauses.length, prompt?.userCode ?? "", world);
    },
  });
  const result = auth.login({ way: "device" });
  return { ...world, auth, result, pauses, prompt: () => prompt };
}

it("shows a code, polls as it was told, and logs in", async () => {
  const { result, auth, server, pauses, prompt } = await login((pause, code, { server }) => {
    if (pause === 3) server.decideDevice(code, { person: "grace" });
  });
  expect(await result).toMatchObject({ loggedIn: true, scope: ["user-read-private"] });
  expect(await (await auth.fetch("/v1/me")).json()).toMatchObject({ display_name: "Grace Hopper" });
  expect(prompt()).toMatchObject({ way: "device", verificationUri: "https://provider.test/device" });
  expect(pauses).toEqual([5, 5, 5]);
  expect(server.violations).toEqual([]);
});

// In seconds both are days, and a timer that is set for more than 24 of them ends at once: it polled without a pause.
it.each([5_000, 1e8])("takes an interval of %i for milliseconds: a minute is the longest pause", async (interval) => {
  const world = await createWorld();
  const pauses: number[] = [];
  world.server.fault({ at: "device", kind: "members", set: { interval } });
  const prompts: Device[] = [];
  const auth = world.app({
    show: (given) => prompts.push(given as Device),
    wait: async (milliseconds) => {
      world.clock.advance(milliseconds);
      if (pauses.push(milliseconds / 1000) === 2) {
        world.server.decideDevice(prompts[0]?.userCode ?? "", { person: "ada" });
      }
    },
  });
  expect(await auth.login({ way: "device" })).toMatchObject({ loggedIn: true });
  expect(pauses).toEqual([60, 60]);
});

it("waits five seconds longer from each slow_down on", async () => {
  const { result, pauses } = await login((pause, code, { server }) => {
    if (pause <= 2) server.fault({ at: "token", kind: "status", status: 400, body: { error: "slow_down" }, times: 1 });
    if (pause === 4) server.decideDevice(code, { person: "ada" });
  });
  await result;
  expect(pauses).toEqual([5, 10, 15, 15]);
});

it("is patient with a provider that is away, and asks it less and less", async () => {
  const { result, pauses } = await login((pause, code, { server }) => {
    if (pause === 1) server.fault({ at: "token", kind: "status", status: 503, retryAfter: 40, times: 1 });
    if (pause === 2) server.fault({ at: "token", kind: "reset-before-consume", times: 1 });
    if (pause === 3) server.decideDevice(code, { person: "ada" });
  });
  await result;
  expect(pauses).toEqual([5, 40, 60]);
});

it("ends when the person says no, when the code expires, and when the provider knows it no more", async () => {
  const refused = await login((_pause, code, { server }) => server.decideDevice(code, { person: "deny" }));
  await expect(refused.result).rejects.toMatchObject({ code: "device_login_refused" });
  const late = await login(() => {});
  await expect(late.result).rejects.toMatchObject({ code: "device_code_expired" });
  expect(late.pauses.reduce((sum, pause) => sum + pause, 0)).toBe(600);
  const said = await login((_pause, _code, { server }) => {
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "expired_token" } });
  });
  await expect(said.result).rejects.toMatchObject({ code: "device_code_expired" });
  const unknown = await login((_pause, _code, { server }) => {
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "invalid_grant" } });
  });
  await expect(unknown.result).rejects.toMatchObject({ code: "token_request_refused" });
});

it("stops to wait when it is told to", async () => {
  const { app } = await createWorld();
  const controller = new AbortController();
  const auth = app({ wait: undefined, show: () => controller.abort(new Error("enough")) });
  await expect(auth.login({ way: "device", signal: controller.signal })).rejects.toThrow("enough");
});

it("is refused where the provider has no such flow", async () => {
  const { app } = await createWorld({}, "ada", { deviceAuthorizationEndpoint: undefined });
  await expect(app().login({ way: "device" })).rejects.toMatchObject({ option: "deviceAuthorizationEndpoint" });
});

it("gives way to a pasted address where this client may not have it, unless it was asked for", async () => {
  const { app, server, prompts, terminal } = await createWorld();
  const auth = app({ machine: { platform: "linux", environment: {}, home: "/nowhere" } });
  const refusal = { kind: "status", status: 400, body: { error: "unauthorized_client" }, times: 1 } as const;
  server.fault({ at: "device", ...refusal });
  const result = auth.login();
  await expect.poll(() => prompts).toMatchObject([{ way: "paste" }]);
  terminal.type(await server.authorize((prompts[0] as { url: string }).url, { person: "ada" }));
  expect(await result).toMatchObject({ loggedIn: true });
  server.fault({ at: "device", ...refusal });
  await expect(auth.login({ way: "device", again: true })).rejects.toMatchObject({ name: "TokenRequestError" });
  server.fault({ at: "device", ...refusal, status: 503 });
  await expect(auth.login({ again: true })).rejects.toMatchObject({ outcome: "unavailable" });
  expect(prompts).toHaveLength(1);
});
