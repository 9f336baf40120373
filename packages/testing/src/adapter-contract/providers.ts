import { equal, matches } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

const paths: readonly string[] = ["/several"];

export function describeProviders({ describe, row }: AdapterChapter): void {
  describe("several providers", () => {
    row(
      "are chosen on a page of ours, and each comes back at a callback of its own",
      async (stage) => {
        const browser = stage.browser();
        const choice = await browser.navigate(stage.at("/several/me"));
        equal([choice.status, choice.setCookies], [200, []]);
        isPrivate(choice);
        const back = "returnTo=%2Fseveral%2Fme";
        matches(choice.body, new RegExp(`href="/several/auth/login\\?provider=two&#38;${back}"`));
        const page = await browser.login(stage.at(`/several/auth/login?provider=two&${back}`), { person: "ada" });
        equal([page.status, page.url], [200, stage.at("/several/me")]);
        const callback = browser.hops.find(({ url }) => url.includes("/callback"));
        matches(callback?.url ?? null, /\/several\/auth\/callback\/two\?/);
        const session = (await browser.call(stage.at("/several/auth/session"))).json() as { provider?: string };
        equal(session.provider, "two");
      },
      paths,
    );

    row(
      "have a session that steps up, refreshes and logs in again where it is from",
      async (stage) => {
        const browser = stage.browser();
        await browser.login(stage.at("/several/auth/login?provider=two&returnTo=/several/me"), { person: "ada" });
        const stepUp = await browser.navigate(stage.at("/several/playlists"), { follow: false });
        const asked = new URL(stepUp.headers.get("location") ?? "");
        equal(asked.searchParams.get("redirect_uri"), stage.at("/several/auth/callback/two"));
        stage.clock.advance(3_600_001);
        equal((await browser.call(stage.at("/several/me"))).status, 200);
        equal(stage.refreshes, 1);
        stage.provider.revokeGrants();
        stage.clock.advance(3_600_001);
        const ended = await browser.call(stage.at("/several/me"));
        equal(
          [ended.status, (ended.json() as { loginUrl?: string }).loginUrl],
          [401, "/several/auth/login?provider=two"],
        );
      },
      paths,
    );

    row(
      "do not take each other's callbacks: 400, and the attempt stays; a key that is none: 404",
      async (stage) => {
        const browser = stage.browser();
        const start = await browser.navigate(stage.at("/several/auth/login?provider=one"), { follow: false });
        equal(start.setCookies.length, 1);
        const callback = await stage.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
        const wrong = await browser.navigate(callback.replace("/callback/one", "/callback/two"), { follow: false });
        equal([wrong.status, wrong.setCookies, stage.provider.tokenRequests().length], [400, [], 0]);
        equal((await browser.navigate(callback, { follow: false })).status, 303);
        const none = await browser.navigate(stage.at("/several/auth/login?provider=three"), { follow: false });
        equal([none.status, none.setCookies], [404, []]);
      },
      paths,
    );
  });
}
