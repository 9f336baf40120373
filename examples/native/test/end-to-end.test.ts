import { readdir } from "node:fs/promises";
import { type AuthorizationServer, createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHome, type Home, type Run } from "./run.ts";

describe("now-playing", () => {
  let provider: AuthorizationServer;
  let server: HttpServer;
  let home: Home;

  beforeAll(async () => {
    provider = createAuthorizationServer({ deviceInterval: 1 });
    server = await serve(provider);
  });

  afterAll(() => server?.close());

  beforeEach(async () => {
    provider.reset();
    home = await createHome(server.url);
  });

  afterEach(() => expect(provider.violations).toEqual([]));

  const urlOf = async (run: Run) => {
    await expect.poll(() => run.stderr(), { timeout: 30_000 }).toMatch(/ {2}http\S+\n/);
    return / {2}(http\S+)\n/.exec(run.stderr())?.[1] ?? "";
  };

  async function logIn(): Promise<string> {
    const before = await home.opened();
    const run = home.start(["login"]);
    const isOpened = async () => ![before, ""].includes(await home.opened());
    await expect.poll(isOpened, { timeout: 30_000 }).toBe(true);
    const page = await fetch(await provider.authorize(await home.opened(), { person: "ada" }));
    expect(await page.text()).toContain("You may close this window and go back to now-playing.");
    expect(await run.exitCode).toBe(0);
    return run.stdout();
  }

  it("logs in with the system's browser, says who it is, lists playlists, and logs out", async () => {
    expect(await home.run("whoami")).toEqual({
      ...{ exitCode: 4, stdout: "", stderr: "Nobody is logged in. Run: now-playing login\n" },
    });
    expect(await logIn()).toBe("Logged in as Ada Lovelace.\n");
    expect(await home.run("whoami")).toEqual({ exitCode: 0, stdout: "Ada Lovelace\n", stderr: "" });
    expect((await home.run("playlists")).stdout).toBe("Notes on the Engine (private)\nBernoulli (private)\n");
    expect((await home.run("status")).stdout).toMatch(
      /^Somebody is logged in\. A new login is due on \d{4}-\d\d-\d\d\. The access token is good until \d{4}-\d\d-\d\dT[\d:.]+Z\./,
    );
    const again = await home.run("login");
    expect([again.exitCode, provider.requests.filter(({ kind }) => kind === "authorize").length]).toEqual([0, 1]);
    expect((await home.run("logout")).stdout).toBe("Logged out.\n");
    expect((await home.run("status")).exitCode).toBe(4);
  });

  it("speaks JSON, errors too", async () => {
    const none = await home.run("whoami", "--json");
    expect([none.exitCode, JSON.parse(none.stdout), none.stderr]).toEqual([
      4,
      { code: "login_required", message: "Nobody is logged in.", hint: "Run: now-playing login" },
      "",
    ]);
    await logIn();
    expect(JSON.parse((await home.run("whoami", "--json")).stdout)).toMatchObject({ display_name: "Ada Lovelace" });
    expect(JSON.parse((await home.run("status", "--json")).stdout)).toMatchObject({ loggedIn: true });
  });

  it("logs in with a code that is entered on another screen", async () => {
    const run = home.start(["login", "--device"]);
    await expect.poll(() => run.stderr(), { timeout: 30_000 }).toMatch(/[A-Z]{4}-[A-Z]{4}/);
    provider.decideDevice(/[A-Z]{4}-[A-Z]{4}/.exec(run.stderr())?.[0] ?? "", { person: "grace" });
    expect([await run.exitCode, run.stdout()]).toEqual([0, "Logged in as Grace Hopper.\n"]);
  });

  it("logs in with a pasted address, where a browser is somewhere else", async () => {
    const run = home.start(["login", "--paste"]);
    const callback = await provider.authorize(await urlOf(run), { person: "ada" });
    run.child.stdin?.write("nonsense with blanks\n");
    await expect.poll(() => run.stderr(), { timeout: 30_000 }).toContain("That is neither an address nor a code.");
    run.child.stdin?.write(`${callback}\n`);
    expect([await run.exitCode, run.stdout()]).toEqual([0, "Logged in as Ada Lovelace.\n"]);
    expect(await home.opened()).toBe("");
  });

  it("shows a code by itself over SSH", async () => {
    const run = home.start(["login"], { SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" });
    await expect.poll(() => run.stderr(), { timeout: 30_000 }).toMatch(/[A-Z]{4}-[A-Z]{4}/);
    run.child.kill("SIGINT");
    expect(await run.exitCode).toBe(130);
  });

  it("ends at once with Ctrl-C, and keeps nothing", async () => {
    const run = home.start(["login"]);
    await urlOf(run);
    run.child.kill("SIGINT");
    expect([await run.exitCode, run.stderr().includes("Ctrl-C was pressed.")]).toEqual([130, true]);
    expect(await readdir(`${home.environment.XDG_STATE_HOME}/now-playing`).catch(() => [])).not.toContain("records");
  });

  it("tells a refusal, a provider that is away, and wrong usage apart by exit codes", async () => {
    const run = home.start(["login"]);
    await fetch(await provider.authorize(await urlOf(run), { person: "deny" }));
    expect([await run.exitCode, run.stderr().includes("The provider refused the login: access_denied.")]).toEqual([
      4,
      true,
    ]);
    await logIn();
    provider.revokeAccessTokens();
    provider.fault({ at: "token", kind: "status", status: 503 });
    expect((await home.run("whoami")).exitCode).toBe(75);
    provider.clearFaults();
    expect((await home.run("dance")).exitCode).toBe(2);
    expect((await home.run("whoami", "--loud")).exitCode).toBe(2);
    const unset = home.start(["whoami"], { PROVIDER_URL: "" });
    expect([await unset.exitCode, unset.stderr()]).toEqual([1, expect.stringMatching(/^SPOTIFY_CLIENT_ID: set it to/)]);
  });
});
