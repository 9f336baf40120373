import type { ProgramVisitor } from "@pixy/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { axeViolations } from "../lib/axe.ts";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { type RoomApp, startRoomApp } from "../lib/room-app.ts";
import { hosts, serveHostile } from "./hostile-page.ts";
import { readPage, tabTo } from "./page-facts.ts";

/** Has two processes that always end well: tests/testing/control-room.test.ts runs real ones. */
const program: ProgramVisitor = {
  ...{ most: 2, state: "loggedIn", owns: () => false },
  ...{ look: async () => "loggedIn", logIn: async () => "loggedIn", logOut: async () => "loggedOut" },
  requestAtOnce: async (count) => [{ status: null, code: "exit code 0", count, mood: "good" }],
};

withBrowser("in a browser: the control page", () => {
  let world: RoomApp;
  let browser: Browser;

  beforeAll(async () => {
    [world, browser] = await Promise.all([startRoomApp({}, () => ({ "a program": program })), launchBrowser()]);
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), world?.close()]);
  });

  afterEach(() => {
    world.provider.reset();
    world.provider.configure({ rotation: "omit" });
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(world.providerUrl);
    return page;
  }

  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: false }).click();
  const said = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();

  it("shows fifty requests become one after one click, and nobody logged out", async () => {
    const page = await open();
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await press(page, "50 requests at once");
    await said(page, "50 requests to 1 app and 2 processes, 1 token request. Nobody was logged out.");
    expect(world.provider.tokenRequests("refresh_token")).toHaveLength(1);
    const card = page.getByRole("article").filter({ hasText: "shop" });
    expect(await card.textContent()).toContain("logged in50 requests1 token request50 × 200 answers");
    expect(await card.locator(".dots .good").count()).toBe(50);
    const run = await page.getByRole("article").filter({ hasText: "a program" }).textContent();
    expect(run).toBe("a programlogged in2 processes0 token requests2 × exit code 0 ends");
    expect(await page.getByRole("list").textContent()).toContain("50 requests, 1 token request: 50 × 200");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("does what each button says, and shows it", async () => {
    const page = await open();
    await press(page, "50 requests at once");
    await said(page, "Nobody was logged out.");
    await press(page, "Provider away");
    await said(page, "answers 503");
    expect(await page.getByRole("button", { name: "Provider away" }).getAttribute("aria-pressed")).toBe("true");
    await press(page, "Expire all tokens");
    await said(page, "is refused from now on");
    await press(page, "50 requests at once");
    await page.getByText("50 × 503 provider_unavailable answers").waitFor();
    await said(page, "Nobody was logged out.");
    await press(page, "Provider away");
    await said(page, "is back");
    await press(page, "Rotate strictly");
    await said(page, "used twice ends the login");
    expect(world.provider.settings.rotation).toBe("strict");
    await press(page, "Lose the answer");
    await page.getByText("this is what nobody can prevent").waitFor();
    expect(world.provider.faults).toMatchObject([{ kind: "reset-after-consume", times: 1 }]);
    await press(page, "Rotate strictly");
    await said(page, "live as before");
    await press(page, "Log out everywhere");
    await said(page, "logged out everywhere");
    await page.getByRole("article").getByText("logged out").waitFor();
    await page.context().close();
  });

  it.each<[string, BrowserContextOptions]>([
    ["a wide window, light", { viewport: { width: 1280, height: 900 }, colorScheme: "light" }],
    ["a window of 320 pixels, dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
  ])("can be read in %s", async (_name, options) => {
    const page = await open(options);
    await press(page, "Provider away");
    await press(page, "50 requests at once");
    await said(page, "1 app");
    expect(await readPage(page)).toEqual({
      ...{ title: "Control room", language: "en", headings: 1, landmarks: 1, nameless: [], overflow: 0, faint: [] },
    });
    expect(await axeViolations(page)).toEqual([]);
    await page.context().close();
  });

  it("needs no mouse", async () => {
    const page = await open();
    for (const name of [/50 requests/, /Expire/, /Provider away/, /Rotate/, /Lose/, /Log out/, /shop/]) {
      expect(await tabTo(page, name)).toMatchObject({ isVisible: true });
    }
    await page.reload();
    await tabTo(page, /50 requests/);
    await page.keyboard.press("Enter");
    await said(page, "1 token request");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("at-once");
    await page.context().close();
  });

  describe.each(hosts)("a page on %s", (_name, host) => {
    it("changes nothing, reads nothing and shows it in no frame", async () => {
      const hostile = await serveHostile(host);
      const page = await (await browser.newContext()).newPage();
      const html = `<iframe src="${world.providerUrl}/"></iframe>
<form id="form" method="post" enctype="text/plain" action="${world.providerUrl}/__test/settings" target="there">
<input name='{"rotation":"strict","x":"' value='"}'></form><iframe name="there"></iframe>`;
      await page.goto(`${hostile.url}?html=${encodeURIComponent(html)}`);
      const outcomes = await page.evaluate(async (at) => {
        const post = (init: RequestInit) =>
          fetch(`${at}/__test/settings`, { method: "POST", body: '{"rotation":"strict"}', ...init }).then(
            (answer) => answer.type,
            () => "refused",
          );
        const json = { "content-type": "application/json" };
        document.querySelector<HTMLFormElement>("#form")?.submit();
        return [await post({ headers: json }), await post({ mode: "no-cors" }), await post({})];
      }, world.providerUrl);
      expect(outcomes).toEqual(["refused", "refused", "refused"]);
      expect(world.provider.settings.rotation).toBe("omit");
      const frame = page.frames().find((one) => one.url().startsWith(world.providerUrl));
      expect((await frame?.content()) ?? "").not.toContain("Control room");
      hostile.close();
      await page.context().close();
    });
  });
});
