import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CommandLine, createCommandLine } from "../../tools/lib/command-line.ts";
import { type RoomApp, startRoomApp } from "../lib/room-app.ts";

interface RoomAnswer {
  readonly message?: string;
  readonly apps: readonly Record<string, unknown>[];
  readonly timeLine: readonly { what: string; app: string | null; text: string; count: number; mood: string }[];
}

let world: RoomApp;

beforeAll(async () => {
  world = await startRoomApp({ links: "http://127.0.0.1:1/", gone: "http://127.0.0.1:1/me" });
});

afterAll(() => world.close());

afterEach(async () => {
  await command("log-out");
  await command("clear-faults");
  await command("settings", { rotation: "omit" });
  await command("reset");
});

async function command(name: string, body: unknown = {}, { providerUrl } = world): Promise<RoomAnswer> {
  const answer = await fetch(`${providerUrl}/__test/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as RoomAnswer;
}

/** The names of all that is in an answer, at every depth. */
function membersOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.values(value).flatMap(membersOf);
  return Array.isArray(value) ? below : [...Object.keys(value), ...below];
}

const shopOf = ({ apps }: RoomAnswer) => apps.find(({ name }) => name === "shop");
const good = { status: 200, code: null, count: 50, mood: "good" };

describe("the control room", () => {
  it("logs a visitor in, and shows fifty requests become one token request", async () => {
    const answer = await command("at-once", { count: 50, expired: true });
    expect(shopOf(answer)).toEqual({
      ...{ name: "shop", kind: "app", href: `${world.appUrl}/`, visited: true, state: "loggedIn" },
      burst: { requests: 50, tokenRequests: 1, outcomes: [good], state: "loggedIn" },
    });
    expect(world.provider.tokenRequests("refresh_token")).toHaveLength(1);
    expect(world.provider.violations).toEqual([]);
    const lines = answer.timeLine.filter(({ app }) => app === "shop");
    expect(lines[0]).toMatchObject({
      ...{ what: "outcome", mood: "good", text: "50 requests, 1 token request: 50 × 200; logged in" },
    });
    expect(lines.filter(({ what }) => what === "token").map(({ text }) => text)).toEqual([
      "token request, refresh: 200",
      "token request, code exchange: 200",
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ what: "api", text: "GET /v1/me: 200", count: 50 }));
    expect(JSON.stringify(answer)).not.toMatch(/access-|refresh-|code-/);
    const readme = readFileSync(new URL("../../packages/testing/README.md", import.meta.url), "utf8");
    const documented = (name: string) => readme.includes(`\`${name}\``);
    expect(membersOf(answer).filter((name) => !documented(name))).toEqual([]);
  });

  it("sends no token request where the tokens are good", async () => {
    await command("at-once", { count: 1, expired: false });
    const answer = await command("at-once", { count: 50, expired: false });
    expect(shopOf(answer)?.burst).toMatchObject({ tokenRequests: 0, outcomes: [good] });
  });

  it("shows that a provider that is away logs nobody out", async () => {
    await command("at-once", { count: 1, expired: false });
    await command("fault", { at: "token", kind: "status", status: 503 });
    const away = await command("at-once", { count: 50, expired: true });
    const outcomes = [{ status: 503, code: "provider_unavailable", count: 50 }];
    expect(shopOf(away)?.burst).toMatchObject({ outcomes, state: "loggedIn" });
    expect(away.timeLine).toContainEqual(
      expect.objectContaining({ text: 'a fault: at "token", kind "status", status 503' }),
    );
    expect(away.timeLine).toContainEqual(
      expect.objectContaining({ what: "token", app: "shop", mood: "bad", text: expect.stringContaining("503") }),
    );
  });

  it("shows what nobody can prevent: a spent token whose answer got lost", async () => {
    await command("settings", { rotation: "strict" });
    await command("at-once", { count: 1, expired: false });
    await command("fault", { at: "token", kind: "reset-after-consume", grantType: "refresh_token", times: 1 });
    const lost = await command("at-once", { count: 5, expired: true });
    const next = await command("at-once", { count: 5, expired: false });
    const refused = { status: 401, code: "reauth_required", count: 5 };
    expect(shopOf(lost)?.burst).toMatchObject({ tokenRequests: 2, outcomes: [refused], state: "loggedOut" });
    // The visitor logs in again, as a person would.
    expect(shopOf(next)?.burst).toMatchObject({ outcomes: [{ status: 200, count: 5 }], state: "loggedIn" });
  });

  it("logs the visitor out everywhere", async () => {
    await command("at-once", { count: 1, expired: false });
    const answer = await command("log-out");
    expect(shopOf(answer)).toMatchObject({ state: "loggedOut", burst: null });
    expect(answer.timeLine[0]).toMatchObject({ what: "outcome", text: expect.stringMatching(/logged out|not answer/) });
  });

  it("only links an app without a page, and says of one that does not answer that it does not", async () => {
    const answer = await command("at-once", { count: 2, expired: false });
    expect(answer.apps.find(({ name }) => name === "links")).toMatchObject({
      visited: false,
      state: "new",
      burst: null,
    });
    expect(answer.apps.find(({ name }) => name === "gone")).toMatchObject({
      ...{ visited: true, state: "unknown" },
      burst: { outcomes: [{ status: null, code: "ECONNREFUSED", count: 2 }] },
    });
  });

  it("bounds what one click can send", async () => {
    expect((await command("at-once", { count: 201 })).message).toContain("from 1 to 200");
    expect(world.provider.requests).toEqual([]);
  });
});

it("the control room runs a command line as real processes: one token request for all, and each end is told", async () => {
  let commandLine: CommandLine | undefined;
  const room = await startRoomApp({}, (provider, providerUrl) => {
    commandLine = createCommandLine({ provider, providerUrl, most: 3, nodeOptions: ["--conditions=@pixy/source"] });
    return { "command line": commandLine };
  });
  try {
    const program = (answer: RoomAnswer) => answer.apps.find(({ name }) => name === "command line");
    const done = await command("at-once", { count: 50, expired: true }, room);
    expect(program(done)).toEqual({
      ...{ name: "command line", kind: "program", href: null, visited: true, state: "loggedIn" },
      burst: {
        ...{ requests: 3, tokenRequests: 1, state: "loggedIn" },
        outcomes: [{ status: null, code: "exit code 0", count: 3, mood: "good" }],
      },
    });
    const lines = done.timeLine.filter(({ app }) => app === "command line").map(({ text }) => text);
    expect(lines[0]).toBe("3 processes, 1 token request: 3 × exit code 0; logged in");
    expect(lines).toContain("token request, code exchange: 200");
    expect(program(await command("log-out", {}, room))).toMatchObject({ state: "loggedOut", burst: null });
    expect(room.provider.violations).toEqual([]);
  } finally {
    await Promise.all([room.close(), commandLine?.close()]);
  }
});
