import { equal } from "../contract/assertion.ts";
import { families } from "../families/families.ts";
import type { ProviderContract } from "./provider-contract.ts";
import type { Row } from "./row.ts";

/** GitHub's OAuth Apps and Facebook have tokens that live long and none to refresh them. */
export function withoutRefresh({ as }: ProviderContract): string | null {
  return ["github", "facebook"].includes(as) && families[as].clock === "none" ? "it has no refresh tokens" : null;
}

export const refreshRows: readonly Row[] = [
  {
    cell: "refresh",
    promise: "an access token that has had its day is renewed by one request, and the API takes the new one",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      const { scope } = await stage.session(browser);
      await stage.outliveAccessToken(browser);
      equal((await stage.api(browser)).status, 200, "the status of the API");
      equal(stage.refreshes, 1, "refresh requests");
      equal((await stage.session(browser)).scope, scope, "the scope after a refresh");
    },
  },
  {
    cell: "refresh",
    promise: "the lifetime of an access token is known where the provider knows it",
    absent: withoutRefresh,
    async run(stage) {
      // Notion's answer has none, and no page names one.
      const isKnown = stage.contract.as !== "notion";
      const { expiresAt } = await stage.session(await stage.login());
      equal(typeof expiresAt === "string", isKnown, "a lifetime is known");
      if (!isKnown) return;
      const seconds = (Date.parse(String(expiresAt)) - stage.clock.now()) / 1000;
      equal(seconds > 0 && seconds <= stage.server.settings.expiresIn, true, `${seconds} seconds are true`);
    },
  },
];
