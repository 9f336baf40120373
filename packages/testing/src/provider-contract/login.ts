import { equal } from "../contract/assertion.ts";
import { families } from "../families/families.ts";
import type { Row } from "./row.ts";

export const loginRows: readonly Row[] = [
  {
    cell: "login",
    promise: "a person comes back logged in, by one token request, with what was granted",
    async run(stage) {
      const browser = await stage.login();
      const { loggedIn, scope } = await stage.session(browser);
      equal(loggedIn, true, "logged in");
      const asked = stage.contract.scope ?? stage.family.scope;
      // What is granted beyond that is what the profile needs.
      equal(
        asked.filter((name) => !(scope as string[]).includes(name)),
        [],
        "scopes that were asked for and are missing",
      );
      equal(stage.server.tokenRequests("authorization_code").length, 1, "token requests");
      equal((await stage.api(browser)).status, 200, "the status of the API");
    },
  },
  {
    cell: "login",
    promise: "a person who says no is not logged in, and no token request is sent",
    async run(stage) {
      const browser = stage.browser();
      await browser.login(stage.at("/login"), { person: "deny" });
      equal(await stage.session(browser), { loggedIn: false });
      equal(stage.server.tokenRequests().length, 0, "token requests");
    },
  },
  {
    cell: "login",
    promise: "`iss` may come or not where no metadata promise it; a wrong one is refused before the code is sent",
    async run(stage) {
      const { issuer, issuerInCallback } = stage.contract.provider;
      for (const announceIssuer of [false, true]) {
        stage.server.configure({ issuer, announceIssuer });
        const isRight = announceIssuer || issuerInCallback === "checked";
        equal((await stage.session(await stage.login())).loggedIn, isRight, `logged in, with iss ${announceIssuer}`);
      }
      for (const wrong of ["https://evil.example", `${issuer}/other`]) {
        stage.server.configure({ issuer: wrong });
        stage.server.reset();
        equal(await stage.session(await stage.login()), { loggedIn: false }, wrong);
        equal(stage.server.tokenRequests().length, 0, `token requests after iss=${wrong}`);
      }
    },
  },
  {
    cell: "login",
    promise: "what the answer says beside the tokens, and nothing else does, is handed to `onLogin`",
    absent: ({ as }) => (families[as].kept === undefined ? "its answer says nothing beside the tokens" : null),
    async run(stage) {
      equal(Object.keys(await stage.kept()).sort(), stage.family.kept);
    },
  },
  {
    cell: "login",
    promise: "a code that the provider refuses logs nobody in",
    breaksRules: true,
    async run(stage) {
      const browser = stage.browser();
      const page = await browser.navigate(stage.at("/login"), { follow: false });
      const callback = new URL(await stage.server.authorize(page.headers.get("location") ?? "", { person: "ada" }));
      callback.searchParams.set("code", "a-code-that-is-none");
      await browser.navigate(callback);
      equal(await stage.session(browser), { loggedIn: false });
      equal(stage.server.tokenRequests().length, 1, "token requests");
    },
  },
];
