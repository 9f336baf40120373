import type { UserAgent } from "../browser/user-agent.ts";
import { equal } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

export function describeRefresh({ describe, row }: AdapterChapter): void {
  describe("refresh", () => {
    row("happens once for 50 requests at a time and 5 late ones, although reuse ends the grant", async (stage) => {
      stage.provider.configure({ rotation: "strict" });
      const browser = await stage.loggedIn();
      const late = await browser.clone();
      const copies = await Promise.all(Array.from({ length: 50 }, () => browser.clone()));
      stage.clock.advance(3_600_000);
      const answers = await Promise.all(copies.map((copy) => copy.call("/me")));
      equal([...new Set(answers.map((answer) => answer.status))], [200]);
      stage.clock.advance(2_000);
      for (let index = 0; index < 5; index++) {
        const answer = await (await late.clone()).call("/me");
        equal(answer.status, 200);
        equal(
          answer.setCookies.some((line) => /Max-Age=0/i.test(line)),
          false,
        );
      }
      equal(stage.refreshes, 1);
      equal((await (copies[0] as UserAgent).call("/me")).status, 200);
    });

    row("puts the new session into the answer, and the old one is not needed again", async (stage) => {
      stage.provider.configure({ rotation: "strict" });
      const browser = await stage.loggedIn();
      for (let round = 1; round <= 3; round++) {
        stage.clock.advance(3_600_000);
        const answer = await browser.call("/me");
        equal([answer.status, answer.setCookies.length, stage.refreshes], [200, 1, round]);
      }
    });

    for (const refused of [false, true]) {
      const cause = refused ? "is refused" : "is due";
      row(`logs nobody out whose stream fetches as it begins, with a token that ${cause}`, async (stage) => {
        stage.provider.configure({ rotation: "strict" });
        const browser = await stage.loggedIn();
        // Whose session this process has open already, begins at once.
        await browser.navigate("/");
        if (refused) stage.provider.fault({ at: "api", kind: "unauthorized", times: 1 });
        else stage.clock.advance(3_600_000);
        equal((await browser.call("/streaming")).status, 200);
        stage.clock.advance(refused ? 3_600_000 : 120_000);
        equal((await browser.call("/me")).status, 200);
      });
    }

    row("happens on the way over its route, once and back into the app, and ahead of nobody", async (stage) => {
      stage.provider.configure({ rotation: "strict" });
      const browser = await stage.loggedIn();
      stage.clock.advance(3_600_000);
      const go = (returnTo: string, headers: Record<string, string> = {}, follow = false) => {
        const path = `/auth/refresh?returnTo=${encodeURIComponent(returnTo)}`;
        return browser.navigate(stage.at(path), { follow, headers });
      };
      equal([(await go("/me", { "sec-purpose": "prefetch" })).status, stage.refreshes], [204, 0]);
      // Next gives the address of such a request a mark of its own first.
      const router = await go("/me", { rsc: "1" }, true);
      equal(
        [router.status, router.headers.get("content-type"), router.setCookies],
        [200, "text/plain; charset=utf-8", []],
      );
      equal([(await go("/me", { "sec-fetch-dest": "iframe" })).status, stage.refreshes], [403, 0]);
      const path = "/auth/refresh?returnTo=/me";
      equal([(await browser.call(path, { method: "HEAD" })).status, stage.refreshes], [405, 0]);
      const back = await go("/me?a=1", { "sec-fetch-site": "cross-site" });
      equal([back.status, back.headers.get("location"), stage.refreshes], [303, "/me?a=1", 1]);
      isPrivate(back);
      equal((await go("https://evil.example/")).headers.get("location"), "/");
      equal([(await browser.call("/me")).status, stage.refreshes], [200, 1]);
    });

    row("that the provider cannot answer is a 503, and the session stays", async (stage) => {
      const browser = await stage.loggedIn();
      stage.clock.advance(3_600_000);
      stage.provider.fault({ at: "token", kind: "status", status: 503, retryAfter: 7 });
      const call = await browser.call("/me");
      equal([call.status, (call.json() as { code: string }).code], [503, "provider_unavailable"]);
      equal([call.setCookies, Number(call.headers.get("retry-after")) > 0], [[], true]);
      equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
    });

    row("that the provider refuses ends the session", async (stage) => {
      const browser = await stage.loggedIn();
      stage.clock.advance(3_600_000);
      stage.provider.revokeGrants();
      const call = await browser.call("/me");
      equal([call.status, stage.refreshes], [401, 1]);
      const names = (await browser.cookies(stage.at("/"))).map((cookie) => cookie.name);
      equal(names.includes("__Host-contract"), false);
    });
  });
}
