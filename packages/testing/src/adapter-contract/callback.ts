import type { UserAgent } from "../browser/user-agent.ts";
import type { Page } from "../browser/visit.ts";
import { equal, matches } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

export function describeCallback({ describe, row }: AdapterChapter): void {
  describe("callback", () => {
    row("counts once, in the browser that began, as the provider wrote it", async (stage) => {
      const browser = stage.browser();
      const start = await browser.navigate(stage.at("/auth/login?returnTo=/me"), { follow: false });
      const callback = await stage.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
      const get = (by: UserAgent, url: string) => by.navigate(url, { follow: false });
      equal((await get(stage.browser(), callback)).status, 400, "another browser");
      equal((await get(browser, callback.replace(/state=[^&]*/, "state=another"))).status, 400, "another state");
      equal((await get(browser, `${callback}&code=again`)).status, 400, "a repeated parameter");
      equal((await browser.call(callback, { method: "HEAD" })).status, 405);
      equal(stage.provider.tokenRequests().length, 0);
      const done = await get(browser, callback);
      equal([done.status, new URL(done.headers.get("location") ?? "", done.url).pathname], [303, "/me"]);
      isPrivate(done);
      equal((await get(browser, callback)).status, 303, "a reload leads on");
      equal(stage.provider.tokenRequests().length, 1);
      equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
    });

    row(
      "may be a form of the provider's, which a page of ours posts again: the first spends nothing",
      async (stage) => {
        const browser = stage.browser();
        const theirs = await browser.login(stage.at("/posted/auth/login?returnTo=/posted/me"), { person: "ada" });
        const first = await browser.submit(stage.at("/posted/auth/callback"), fieldsOf(theirs), { follow: false });
        equal([first.status, first.setCookies, first.requestHeaders.cookie], [200, [], undefined]);
        isPrivate(first);
        equal([fieldsOf(first), stage.provider.tokenRequests().length], [fieldsOf(theirs), 0]);
        const action = /<form method="post" action="([^"]*)"/.exec(first.body)?.[1] ?? "";
        equal(action, "/posted/auth/callback?reposted=1");
        const second = await browser.submit(action, fieldsOf(first));
        equal([second.status, second.url, stage.provider.tokenRequests().length], [200, stage.at("/posted/me"), 1]);
        equal((await browser.submit(stage.at("/auth/callback"), fieldsOf(theirs))).status, 405, "another provider's");
      },
      ["/posted", ""],
    );

    row("brings somebody who refused back to the app, logged out", async (stage) => {
      const page = await stage.browser().login(stage.at("/auth/login"), { person: "deny" });
      equal([page.url, page.json()], [stage.at("/?auth_error=access_denied"), { name: null }]);
    });

    row("says what to do when the provider is down, and a reload succeeds", async (stage) => {
      const browser = stage.browser();
      stage.provider.fault({ at: "token", kind: "status", status: 503, times: 1 });
      const page = await browser.login(stage.at("/me"), { person: "ada" });
      equal(page.status, 503);
      matches(page.headers.get("content-type"), /^text\/html/);
      equal((await browser.navigate(page.url)).status, 200);
    });
  });
}

function fieldsOf({ body }: Page): Record<string, string> {
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries(Array.from(inputs, ([, name = "", value = ""]) => [name, value]));
}
