import type { GrantName } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { createGrantsWorld, type GrantsWorldInput } from "../lib/grants-world.ts";

const ada: GrantName = { owner: "ada" };
const hour = 3_600_000;

async function expired(input: GrantsWorldInput = {}) {
  const world = createGrantsWorld(input);
  await world.grants.save(ada, world.tokens());
  world.clock.advance(hour + 1);
  return { ...world, theirs: world.grants.of(ada) };
}

describe("the grant of somebody who is away", () => {
  it("is refreshed when it is due, once for all who ask, and keeps what replaces it", async () => {
    const { theirs, again, refreshes, clock, types, server } = await expired({ server: { rotation: "strict" } });
    const other = again().of(ada);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? theirs : other).fetch("/v1/me")),
    );
    expect([new Set(answers.map(({ status }) => status)), refreshes()]).toEqual([new Set([200]), 1]);
    for (let round = 2; round < 5; round++) {
      clock.advance(hour + 1);
      expect([(await theirs.fetch("/v1/me")).status, refreshes()]).toEqual([200, round]);
    }
    expect(types()).toEqual(["tokens.refreshed", "tokens.refreshed", "tokens.refreshed", "tokens.refreshed"]);
    expect(server.violations).toEqual([]);
  });

  it("is an authenticator, with what the provider granted, and when its token ends and a new login is due", async () => {
    const { theirs, clock } = await expired();
    const tokens = await theirs.tokens();
    expect(await theirs.accessToken()).toBe(tokens.accessToken);
    expect([await theirs.scope(), await theirs.accessTokenExpiresAt(), await theirs.reauthDueAt()]).toEqual([
      ["user-read-private"],
      new Date(clock.now() + hour),
      new Date(clock.now() - hour - 1 + 180 * 24 * hour),
    ]);
  });

  it("is renewed when the API refuses its token before its time", async () => {
    const world = createGrantsWorld();
    await world.grants.save(ada, world.tokens());
    world.server.revokeAccessTokens();
    expect([(await world.grants.of(ada).fetch("/v1/me")).status, world.refreshes()]).toEqual([200, 1]);
  });

  it("that the provider ended needs a login; it is asked once, told once, and remembered", async () => {
    const { theirs, grants, server, refreshes, types, tokens } = await expired();
    server.revokeGrants();
    for (let round = 0; round < 3; round++) {
      await expect(theirs.accessToken()).rejects.toMatchObject({ code: "reauth_required", kept: false });
    }
    expect([refreshes(), types(), await grants.has(ada)]).toEqual([1, ["grant.ended"], false]);
    await grants.save(ada, tokens());
    expect((await theirs.fetch("/v1/me")).status).toBe(200);
  });

  it("that the provider refused is kept, listed as such, and heals", async () => {
    const { theirs, grants, server, clock, refreshes } = await expired();
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "invalid_request" } });
    await expect(theirs.accessToken()).rejects.toMatchObject({ code: "reauth_required", kept: true });
    await expect(theirs.accessToken()).rejects.toMatchObject({ code: "reauth_required", kept: true });
    expect([refreshes(), (await grants.list(ada))[0]?.reauthNeeded]).toEqual([1, true]);
    server.clearFaults();
    clock.advance(11_000);
    expect([(await theirs.fetch("/v1/me")).status, (await grants.list(ada))[0]?.reauthNeeded]).toEqual([200, false]);
  });

  it.each([
    [{ kind: "status", status: 503 }, "provider_unavailable", "unavailable"],
    [{ kind: "status", status: 404 }, "provider_misconfigured", "misconfigured"],
  ] as const)(
    "of a provider that answers %j is kept: the old token while it works, then an error",
    async (fault, code, outcome) => {
      const { grants, tokens, server, clock, types } = createGrantsWorld();
      await grants.save(ada, tokens());
      const theirs = grants.of(ada);
      const first = await theirs.accessToken();
      server.fault({ at: "token", ...fault });
      clock.advance(hour - 60_000);
      expect(await theirs.accessToken()).toBe(first);
      clock.advance(60_001);
      await expect(theirs.accessToken()).rejects.toMatchObject({ name: "TokenRequestError", code, outcome });
      await expect(theirs.accessToken()).rejects.toMatchObject({ name: "TokenRequestError", code, outcome });
      expect(new Set(types())).toEqual(new Set(["refresh.failed"]));
      server.clearFaults();
      clock.advance(120_000);
      expect((await theirs.fetch("/v1/me")).status).toBe(200);
    },
  );

  it("without a refresh token works until its access token is refused", async () => {
    const { grants, server } = createGrantsWorld();
    await grants.save(ada, { accessToken: "made up" });
    expect(await grants.of(ada).accessToken()).toBe("made up");
    await expect(grants.of(ada).fetch("/v1/me")).rejects.toMatchObject({ code: "reauth_required" });
    expect(server.tokenRequests()).toEqual([]);
  });

  it("that nobody saved is not found, until somebody does", async () => {
    const { grants, tokens } = createGrantsWorld();
    const theirs = grants.of(ada);
    await expect(theirs.fetch("/v1/me")).rejects.toMatchObject({
      code: "grant_not_found",
      hint: expect.stringContaining("grants.save"),
    });
    await grants.save(ada, tokens());
    expect((await theirs.fetch("/v1/me")).status).toBe(200);
  });

  it("lets a caller go who does not want to wait; the refresh goes on", async () => {
    const opened = Promise.withResolvers<void>();
    const { theirs, server, refreshes } = await expired({ server: { wait: () => opened.promise } });
    server.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const controller = new AbortController();
    const impatient = theirs.accessToken({ signal: controller.signal });
    const patient = theirs.accessToken();
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(impatient).rejects.toThrow("enough");
    opened.resolve();
    expect([typeof (await patient), refreshes()]).toEqual(["string", 1]);
    await expect(theirs.accessToken({ signal: controller.signal })).rejects.toThrow("enough");
  });

  it("is found where its provider is found at first use, and goes nowhere where that is another one", async () => {
    const { again, tokens, provider, clock } = createGrantsWorld();
    let asked = 0;
    const find = async () => {
      asked++;
      return provider;
    };
    const found = { provider: find, clientId: "client" };
    const grants = again({ providers: { spotify: found } });
    expect(asked).toBe(0);
    await grants.save(ada, tokens());
    expect((await grants.of(ada).fetch("/v1/me")).status).toBe(200);
    const moved = { provider: () => ({ ...provider, issuer: "https://other.example" }), clientId: "client" };
    clock.advance(hour + 1);
    await expect(
      again({ providers: { spotify: moved } })
        .of(ada)
        .accessToken(),
    ).rejects.toMatchObject({
      code: "grant_unreadable",
      message: expect.stringContaining("https://other.example"),
    });
    const down = { provider: () => Promise.reject(new Error("no metadata")), clientId: "client" };
    await expect(
      again({ providers: { spotify: down } })
        .of(ada)
        .accessToken(),
    ).rejects.toMatchObject({
      code: "provider_unavailable",
    });
  });

  it("is refreshed with the client that it was issued to, after the registration has changed", async () => {
    const { theirs: _theirs, again, provider, server } = await expired();
    const grants = again({ providers: { spotify: { provider, clientId: "client-of-tomorrow" } } });
    expect((await grants.of(ada).fetch("/v1/me")).status).toBe(200);
    expect(server.tokenRequests("refresh_token")[0]?.parameters.client_id).toBe("client");
  });

  it("sends what the provider's API wants with each request, for the client that the tokens were issued to", async () => {
    const { again, tokens, provider, server } = createGrantsWorld();
    const seen: (string | null)[] = [];
    const wanting = { ...provider, headers: { api: { "client-id": "{client_id}" } } };
    const grants = again({
      providers: { spotify: { provider: wanting, clientId: "client" } },
      fetch: (input, init) => {
        seen.push(new Request(input, init).headers.get("client-id"));
        return server.fetch(input, init);
      },
    });
    await grants.save(ada, tokens());
    await grants.of(ada).fetch("/v1/me");
    expect(seen).toEqual(["client"]);
  });
});
