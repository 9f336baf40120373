import { equal } from "../contract/assertion.ts";
import type { AdapterChapter } from "./chapter.ts";

export function describePlace({ describe, row }: AdapterChapter): void {
  describe("place", () => {
    row(
      "is the path that the app is mounted below",
      async (stage) => {
        const browser = stage.browser();
        const page = await browser.navigate(stage.at("/below/a/path/me?a=1"), { follow: false });
        equal(page.headers.get("location"), "/below/a/path/auth/login?returnTo=%2Fbelow%2Fa%2Fpath%2Fme%3Fa%3D1");
        const home = await browser.login(stage.at("/below/a/path/me?a=1"), { person: "ada" });
        equal([home.status, home.url], [200, stage.at("/below/a/path/me?a=1")]);
        const logout = await browser.submit("/below/a/path/auth/logout", {}, { follow: false });
        equal([logout.status, logout.headers.get("location")], [303, "/below/a/path/"]);
      },
      ["/below/a/path"],
    );

    row(
      "has room for two instances that know nothing of each other",
      async (stage) => {
        const browser = stage.browser();
        await browser.login(stage.at("/me"), { person: "ada" });
        await browser.login(stage.at("/second/me"), { person: "grace" });
        const name = async (path: string) => (await browser.navigate(stage.at(path))).json();
        equal([await name("/"), await name("/second/")], [{ name: "Ada Lovelace" }, { name: "Grace Hopper" }]);
        const logout = await browser.submit("/second/auth/logout", {}, { follow: false });
        equal(logout.status, 303);
        equal([await name("/"), await name("/second/")], [{ name: "Ada Lovelace" }, { name: null }]);
      },
      ["", "/second"],
    );
  });
}
