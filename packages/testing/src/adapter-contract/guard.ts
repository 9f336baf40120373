import { equal, matches } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

export function describeGuard({ describe, row }: AdapterChapter): void {
  describe("guard", () => {
    row("redirects a page, tells a call and a prefetch", async (stage) => {
      const browser = stage.browser();
      const page = await browser.navigate(stage.at("/me?a=1"), { follow: false });
      equal([page.status, page.headers.get("location")], [302, "/auth/login?returnTo=%2Fme%3Fa%3D1"]);
      isPrivate(page);
      const call = await browser.call(stage.at("/me"));
      const { code, loginUrl } = call.json() as { code: string; loginUrl: string };
      equal([code, loginUrl], ["login_required", "/auth/login"]);
      for (const answer of [call, await browser.prefetch(stage.at("/me"))]) {
        equal([answer.status, answer.setCookies], [401, []]);
        matches(answer.headers.get("www-authenticate"), /./);
        isPrivate(answer);
      }
    });

    row("tells a call without a guard, too", async (stage) => {
      const answer = await stage.browser().call(stage.at("/unguarded"));
      equal([answer.status, (answer.json() as { code: string }).code], [401, "login_required"]);
      isPrivate(answer);
      const browser = await stage.loggedIn();
      equal((await browser.call("/unguarded")).status, 200);
    });

    row("asks a page for a missing scope, tells a call", async (stage) => {
      const browser = await stage.loggedIn();
      const call = await browser.call("/playlists");
      equal([call.status, (call.json() as { code: string }).code], [403, "insufficient_scope"]);
      const page = await browser.login(stage.at("/playlists?page=2"), { person: "ada" });
      equal([page.status, page.url], [200, stage.at("/playlists?page=2")]);
      const { scope } = (await browser.call("/auth/session")).json() as { scope: string[] };
      equal([...scope].sort(), ["playlist-read-private", "user-read-private"]);
    });

    row(
      "says once that it stands before the page that a logout leads to",
      async (stage) => {
        const browser = stage.browser();
        await browser.navigate(stage.at("/second/playlists"), { follow: false });
        const told = () =>
          stage.events.flatMap((event) => (event.type === "set-up.warning" ? [`${event.code}: ${event.message}`] : []));
        equal(told(), []);
        for (const path of ["/second/me?a=1", "/second/me"]) await browser.navigate(stage.at(path), { follow: false });
        const [warning = "", ...others] = told();
        equal(others, []);
        matches(warning, /^after_logout_guarded: A logout leads to \/second\/me, .* Set afterLogout to /);
      },
      ["/second"],
    );

    row("leaves what is public alone", async (stage) => {
      const browser = await stage.loggedIn();
      const answer = await browser.call("/public");
      equal([answer.json(), answer.setCookies], [{ ok: true }, []]);
      equal(answer.headers.get("vary")?.includes("Cookie") ?? false, false);
    });
  });
}
