import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createHome, mainFile } from "../../examples/native/test/run.ts";
import { findBrowser, launchBrowser } from "../lib/browser.ts";
import { requirement } from "../lib/requirement.ts";
import { readPage } from "./page-facts.ts";

const run = promisify(execFile);

const withTerminal = requirement(
  "tmux and a browser",
  findBrowser() !== null && ["/usr/bin/tmux", "/usr/local/bin/tmux"].some((path) => existsSync(path)),
  "apt-get install -y --no-install-recommends tmux chromium",
);

// A person's terminal and a person's browser; only the hand that moves from one to the other is ours.
withTerminal("examples/native in a real terminal, with a real browser", () => {
  const provider = createAuthorizationServer({ deviceInterval: 1 });
  const socket = `pixy-${randomBytes(4).toString("hex")}`;
  let server: HttpServer;
  let browser: Browser;
  let home: Awaited<ReturnType<typeof createHome>>;

  const tmux = (...parameters: readonly string[]) => run("tmux", ["-L", socket, ...parameters]);
  /** What the terminal shows, with the colours where they are asked for. */
  const screen = async (...more: readonly string[]) => (await tmux("capture-pane", "-p", "-J", ...more)).stdout;
  const enter = (text: string) => tmux("send-keys", text, "Enter");
  const see = (text: string | RegExp, ...more: readonly string[]) =>
    expect.poll(() => screen(...more), { timeout: 45_000, interval: 200 }).toMatch(text);

  beforeAll(async () => {
    server = await serve(provider);
    browser = await launchBrowser();
    home = await createHome(server.url);
    const { environment } = home;
    await promisify(execFile)(
      "tmux",
      ["-L", socket, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "60", "sh"],
      {
        env: { ...environment, TERM: "xterm-256color", PS1: "$ " },
      },
    );
    await enter(
      `np() { '${process.execPath}' --conditions=@pixy/source '${mainFile}' "$@"; echo "exit code $?"; }; clear`,
    );
  });

  afterAll(async () => {
    await tmux("kill-server").catch(() => {});
    await browser?.close();
    await server?.close();
    expect(provider.violations).toEqual([]);
  });

  it("logs in: the browser opens, its last page says so, and the terminal knows who it is", async () => {
    await enter("np login");
    await expect.poll(() => home.opened(), { timeout: 45_000 }).toMatch(/^http/);
    await see("Waiting for the browser. Ctrl-C ends it.");
    const page = await browser.newPage();
    await page.goto(await home.opened());
    await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
    await page.getByRole("heading", { name: "You are logged in" }).waitFor();
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/);
    expect(await readPage(page)).toMatchObject({
      language: "en",
      headings: 1,
      landmarks: 1,
      nameless: [],
      overflow: 0,
      faint: [],
    });
    await page.close();
    await see(/Logged in as Ada Lovelace\.\s+exit code 0/);
    // Bold, because this is a terminal.
    expect(await screen("-e")).toContain("\u001b[1mAda Lovelace");
  });

  it("says no colour where its owner wants none, and plain text to a pipe", async () => {
    await enter("clear; NO_COLOR=1 np whoami");
    await see(/Ada Lovelace\s+exit code 0/);
    expect(await screen("-e")).not.toContain("\u001b[1m");
    await enter("clear; np playlists | cat -v");
    await see("Bernoulli (private)");
    expect(await screen()).not.toContain("^[");
  });

  it("draws a QR code, waits where it can be seen, and ends with Ctrl-C", async () => {
    await enter("clear; np login --device --again");
    await see(/[A-Z]{4}-[A-Z]{4}\s+[█▀▄ \n]{100,}/);
    await see(/Waiting for you \d+ s/);
    await tmux("send-keys", "C-c");
    await see(/Ctrl-C was pressed\. Nothing was changed\..*\s+exit code 130/);
    await enter("clear; np whoami");
    await see(/Ada Lovelace\s+exit code 0/);
  });

  it("takes an address that is pasted while the browser is elsewhere", async () => {
    await enter("clear; np login --paste --again");
    await see("paste it here:");
    const url = /http\S+authorize\S+/.exec(await screen())?.[0] ?? "";
    await enter(await provider.authorize(url, { person: "grace" }));
    await see(/Logged in as Grace Hopper\.\s+exit code 0/);
  });
});
