import { equal, matches } from "../contract/assertion.ts";
import type { AdapterContract } from "./adapter-contract.ts";
import { type AdapterChapter, isPrivate } from "./chapter.ts";

export function describeLogin({ describe, row }: AdapterChapter, headerOf: AdapterContract["headerOf"]): void {
  describe("login", () => {
    row("leads a page through the provider and back to where it was", async (stage) => {
      const browser = stage.browser();
      const page = await browser.login(stage.at("/me?a=1&b=%2F"), { person: "ada" });
      equal([page.status, page.url], [200, stage.at("/me?a=1&b=%2F")]);
      equal((page.json() as { display_name: string }).display_name, "Ada Lovelace");
      equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
      isPrivate(page);
    });

    row("sends the browser away with one login cookie, and nothing to a prefetch or an image", async (stage) => {
      const browser = stage.browser();
      const url = stage.at("/auth/login?returnTo=/me");
      const page = await browser.navigate(url, { follow: false });
      equal([page.status, page.setCookies.length], [302, 1]);
      matches(page.setCookies[0] ?? null, /^__Host-contract-login-.*; Path=\/; HttpOnly; Secure; SameSite=Lax/);
      isPrivate(page);
      for (const [headers, status] of [
        [{ "sec-purpose": "prefetch" }, 204],
        [{ "sec-fetch-dest": "image" }, 403],
      ] as const) {
        const answer = await browser.navigate(url, { follow: false, headers });
        equal([answer.status, answer.setCookies], [status, []]);
      }
    });

    row("does not start for HEAD, or for a route that is none", async (stage) => {
      const browser = stage.browser();
      const head = await browser.call(stage.at("/auth/login"), { method: "HEAD" });
      equal([head.status, head.headers.get("allow"), head.setCookies], [405, "GET", []]);
      equal((await browser.call(stage.at("/auth/logins"))).status, 404);
    });

    if (headerOf) {
      row("hands the framework's own request to onLogin", async (stage) => {
        await stage.loggedIn();
        equal(
          stage.requests.map((request) => headerOf(request, "host")),
          ["app.example"],
        );
      });
    }

    row("comes back to the start page where returnTo cannot be used", async (stage) => {
      for (const returnTo of ["//evil.example", "https://evil.example", "/\\evil.example", "/auth/logout"]) {
        const query = new URLSearchParams({ returnTo });
        const page = await stage.browser().login(stage.at(`/auth/login?${query}`), { person: "ada" });
        equal(page.url, stage.at("/"), returnTo);
      }
    });
  });
}
