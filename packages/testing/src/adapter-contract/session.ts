import { equal, matches } from "../contract/assertion.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

export function describeSession({ describe, row }: AdapterChapter): void {
  describe("session", () => {
    row("is told to pages of the app, without a token", async (stage) => {
      const signedOut = await stage.browser().call(stage.at("/auth/session"));
      equal([signedOut.status, signedOut.json()], [200, { loggedIn: false }]);
      isPrivate(signedOut);
      const browser = await stage.loggedIn();
      const session = await browser.call("/auth/session");
      equal((session.json() as { loggedIn: boolean }).loggedIn, true);
      equal(/access-|refresh-/.test(session.body), false, "a token in the answer");
      isPrivate(session);
      equal((await browser.call("/auth/session", { method: "HEAD" })).status, 200);
      equal((await browser.call("/auth/session", { method: "POST" })).status, 405);
    });

    row("stays as it is when nothing changed", async (stage) => {
      const browser = await stage.loggedIn();
      for (const path of ["/", "/me", "/auth/session"]) equal((await browser.call(path)).setCookies, [], path);
    });

    row(
      "is that of one cookie: none counts that is there twice, none behind a space that browsers keep",
      async (stage) => {
        const [ada, grace] = [await stage.cookieOf("ada"), await stage.cookieOf("grace")];
        const ask = (cookie: string) => stage.browser().call(stage.at("/"), { headers: { cookie } });
        equal((await ask(grace)).json(), { name: "Grace Hopper" });
        for (const both of [`${ada}; ${grace}`, `${grace}; ${ada}`]) {
          const answer = await ask(both);
          equal(answer.json(), { name: null }, "two cookies");
          matches(answer.setCookies[0] ?? null, /^__Host-contract=;.*Max-Age=0/i);
        }
        for (const planted of [
          `\u00a0${grace}`,
          `\u0085${grace}`,
          grace.replace("=", "\u00a0="),
          `%5F%5F${grace.slice(2)}`,
        ]) {
          for (const header of [`${planted}; ${ada}`, `${ada}; ${planted}`]) {
            const answer = await ask(header);
            equal([answer.json(), answer.setCookies], [{ name: "Ada Lovelace" }, []], "a cookie by another name");
          }
          equal((await ask(planted)).json(), { name: null }, "a cookie by another name, alone");
        }
      },
    );

    row("ends by a form of the app, and by nothing else", async (stage) => {
      const browser = await stage.loggedIn();
      const copy = await browser.clone();
      const logout = (headers: Record<string, string>) =>
        browser.submit("/auth/logout", {}, { follow: false, headers });
      equal((await browser.navigate("/auth/logout", { follow: false })).status, 405);
      await browser.navigate("/");
      for (const site of ["cross-site", "same-site"]) {
        equal((await logout({ "sec-fetch-site": site })).status, 403, site);
      }
      equal((await logout({ "sec-fetch-site": "", origin: "" })).status, 403, "neither header");
      equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
      const done = await logout({});
      equal([done.status, done.headers.get("location")], [303, "/"]);
      isPrivate(done);
      equal(await browser.cookies(stage.at("/")), []);
      equal((await copy.navigate("/")).json(), { name: null });
    });

    row("is in no answer that a cache may keep, whatever the app says of it", async (stage) => {
      for (const browser of [stage.browser(), await stage.loggedIn()]) {
        for (const method of ["GET", "HEAD"]) {
          const answer = await browser.call(stage.at("/own-cache"), { method });
          isPrivate(answer);
          const said = answer.headers.get("cache-control") ?? "";
          equal([answer.status, /public|max-age/.test(said), /no-transform/.test(said)], [200, false, true], method);
          matches(answer.headers.get("vary"), /\bCookie\b/);
        }
      }
    });

    row("leaves the app's own cookies and Vary in their place", async (stage) => {
      const browser = await stage.loggedIn();
      stage.clock.advance(3_600_000);
      const answer = await browser.call("/own-cookie");
      equal([answer.status, answer.setCookies.length], [200, 2]);
      equal(answer.setCookies.map((line) => line.split("=")[0]).sort(), ["__Host-contract", "own"]);
      matches(answer.headers.get("vary"), /\bAccept\b/);
      isPrivate(answer);
    });
  });
}
