import type { UserAgent } from "../browser/user-agent.ts";
import type { Page } from "../browser/visit.ts";
import { equal, matches } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";
import { type AdapterStage, connectingPath } from "./stage.ts";

export function describeConnect({ describe, row }: AdapterChapter): void {
  const connects = (promise: string, body: (stage: AdapterStage) => Promise<void>) =>
    row(promise, body, [connectingPath]);

  describe("connect", () => {
    connects("connects an account to the user that the app names, and logs nobody in", async (stage) => {
      const browser = await browserOf(stage, "user-1");
      const home = await finish(browser, await begin(stage, browser));
      equal([home.status, home.url, home.json()], [200, stage.at(`${connectingPath}/connected`), { connected: true }]);
      const names = (await browser.cookies(stage.at("/"))).map(({ name }) => name);
      equal(
        names.filter((name) => name === "__Host-contract-connecting"),
        [],
      );
    });

    connects(
      "refuses where another user is there at the end than at the start, and connects nothing",
      async (stage) => {
        const browser = await browserOf(stage, "user-1");
        const location = await begin(stage, browser);
        await become(stage, browser, "user-2");
        const page = await finish(browser, location);
        equal([page.status, stage.provider.tokenRequests().length], [403, 0]);
        matches(page.body, /Another user/);
        isPrivate(page);
        for (const user of ["user-1", "user-2"]) {
          await become(stage, browser, user);
          equal((await browser.navigate(stage.at(`${connectingPath}/connected`))).json(), { connected: false }, user);
        }
      },
    );

    connects(
      "refuses where nobody is there at the end, once it has asked again from a page of its own",
      async (stage) => {
        const browser = await browserOf(stage, "user-1");
        const location = await begin(stage, browser);
        await browser.setCookie(stage.at("/"), "user=; Path=/; Max-Age=0");
        const page = await finish(browser, location);
        equal(page.status, 200);
        const refused = await browser.navigate(againOf(stage, page), { from: "link" });
        equal([refused.status, stage.provider.tokenRequests().length], [403, 0]);
      },
    );

    connects("goes on where the app's own cookie is for its own pages only", async (stage) => {
      const browser = await browserOf(stage, "user-1", "; SameSite=Strict");
      const page = await finish(browser, await begin(stage, browser));
      equal(page.status, 200);
      // What a browser does by itself goes on from the page that it is on.
      const home = await browser.navigate(againOf(stage, page), { from: "link" });
      equal(home.json(), { connected: true });
    });

    connects("does not start from another site, and not for nobody", async (stage) => {
      const browser = await browserOf(stage, "user-1");
      await browser.navigate(new URL("/login", `${new URL(await begin(stage, browser)).origin}`));
      const elsewhere = await browser.submit(stage.at(`${connectingPath}/connect`), {}, { follow: false });
      equal([elsewhere.status, elsewhere.setCookies], [403, []]);
      const stranger = await browserOf(stage, null);
      const nobody = await stranger.submit(stage.at(`${connectingPath}/connect`), {}, { follow: false });
      equal([nobody.status, nobody.setCookies], [403, []]);
    });

    connects("refuses an account that another user has connected, and leaves it there", async (stage) => {
      const browser = await browserOf(stage, "user-1");
      await finish(browser, await begin(stage, browser));
      await become(stage, browser, "user-2");
      const page = await finish(browser, await begin(stage, browser));
      equal(page.status, 403);
      matches(page.body, /another user already/);
      await become(stage, browser, "user-1");
      equal((await browser.navigate(stage.at(`${connectingPath}/connected`))).json(), { connected: true });
    });

    connects("leads back with the reason where the person says no", async (stage) => {
      const browser = await browserOf(stage, "user-1");
      const page = await browser.login(await begin(stage, browser), { person: "deny" });
      equal(page.url, stage.at(`${connectingPath}/connected?auth_error=access_denied`));
      equal(page.json(), { connected: false });
    });
  });
}

/** A browser in which a user of the app is logged in, on a page of the app. */
async function browserOf(stage: AdapterStage, user: string | null, attributes = ""): Promise<UserAgent> {
  const browser = stage.browser();
  if (user !== null) await browser.setCookie(stage.at("/"), `user=${user}; Path=/; Secure${attributes}`);
  await browser.navigate(stage.at(`${connectingPath}/connected`));
  return browser;
}

function become(stage: AdapterStage, browser: UserAgent, user: string): Promise<void> {
  return browser.setCookie(stage.at("/"), `user=${user}; Path=/; Secure`);
}

/** Presses the button; returns where it leads. */
async function begin(stage: AdapterStage, browser: UserAgent): Promise<string> {
  await browser.navigate(stage.at(`${connectingPath}/connected`));
  const page = await browser.submit(stage.at(`${connectingPath}/connect`), {}, { follow: false });
  equal([page.status, page.setCookies.length], [303, 1]);
  return page.headers.get("location") ?? "";
}

function finish(browser: UserAgent, location: string): Promise<Page> {
  return browser.login(location, { person: "ada" });
}

/** Where a page of ours leads by itself. */
function againOf(stage: AdapterStage, page: Page): string {
  const path = /^0; url=(.*)$/.exec(page.headers.get("refresh") ?? "")?.[1];
  return stage.at(path ?? "/nowhere");
}
