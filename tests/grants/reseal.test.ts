import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";
import { otherSecret, secret } from "../lib/web-app.ts";

const hour = 3_600_000;

describe("reseal", () => {
  it("seals all with the current secret: the previous one may go", async () => {
    const { grants, again, tokens, clock, refreshes } = createGrantsWorld();
    for (let index = 0; index < 300; index++) await grants.save({ owner: `${index}` }, tokens());
    const both = again({ secret: [otherSecret, secret] });
    expect(await both.reseal()).toEqual({ looked: 300, resealed: 300, busy: 0, unknown: 0 });
    expect(await both.reseal()).toEqual({ looked: 300, resealed: 0, busy: 0, unknown: 0 });
    const after = again({ secret: otherSecret });
    clock.advance(hour + 1);
    expect((await after.of({ owner: "7" }).fetch("/v1/me")).status).toBe(200);
    expect([(await after.list({ owner: "7" })).length, refreshes()]).toEqual([1, 1]);
    await expect(grants.has({ owner: "7" })).rejects.toMatchObject({ code: "unknown_secret" });
  });

  it("counts what no secret of the list has sealed, and leaves it as it is", async () => {
    const { grants, again, tokens } = createGrantsWorld();
    await grants.save({ owner: "ada" }, tokens());
    expect(await again({ secret: otherSecret }).reseal()).toEqual({ looked: 1, resealed: 0, busy: 0, unknown: 1 });
    expect(await grants.has({ owner: "ada" })).toBe(true);
  });

  it("does not run into a refresh, and forgets no refusal", async () => {
    const opened = Promise.withResolvers<void>();
    const { grants, again, tokens, clock, server, refreshes } = createGrantsWorld({
      server: { wait: () => opened.promise },
    });
    await grants.save({ owner: "ada" }, tokens());
    await grants.save({ owner: "grace" }, tokens());
    clock.advance(hour + 1);
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "invalid_request" }, times: 1 });
    await expect(grants.of({ owner: "grace" }).accessToken()).rejects.toMatchObject({ kept: true });
    server.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const refresh = grants.of({ owner: "ada" }).accessToken();
    while (refreshes() < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    const both = again({ secret: [otherSecret, secret] });
    expect(await both.reseal()).toEqual({ looked: 2, resealed: 1, busy: 1, unknown: 0 });
    opened.resolve();
    await refresh;
    expect(await both.reseal()).toMatchObject({ resealed: 1, busy: 0 });
    expect((await both.list({ owner: "grace" }))[0]?.reauthNeeded).toBe(true);
    await expect(both.of({ owner: "grace" }).accessToken()).rejects.toMatchObject({ kept: true });
    expect(refreshes()).toBe(2);
  });

  it("seals the claims of accounts, too, also of a grant that a refresh has sealed already", async () => {
    const { grants, again, tokens, clock } = createGrantsWorld();
    await grants.save({ owner: "ada" }, tokens(), { subject: "spotify-1" });
    const both = again({ secret: [otherSecret, secret] });
    clock.advance(hour + 1);
    await both.of({ owner: "ada" }).accessToken();
    expect(await again({ secret: otherSecret }).reseal()).toEqual({ looked: 1, resealed: 0, busy: 0, unknown: 1 });
    expect(await both.reseal()).toEqual({ looked: 1, resealed: 1, busy: 0, unknown: 0 });
    const after = again({ secret: otherSecret });
    expect(await after.reseal()).toEqual({ looked: 1, resealed: 0, busy: 0, unknown: 0 });
    const taking = after.save({ owner: "grace" }, tokens(), { subject: "spotify-1" });
    await expect(taking).rejects.toMatchObject({ code: "account_taken" });
    await after.save({ owner: "ada" }, tokens(), { subject: "spotify-1" });
  });
});
