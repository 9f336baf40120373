import { equal } from "../contract/assertion.ts";
import type { ProviderContract } from "./provider-contract.ts";
import type { Row } from "./row.ts";
import type { ProviderStage } from "./stage.ts";

function absent({ provider }: ProviderContract): string | null {
  return provider.revocationEndpoint === undefined ? "the preset has no revocation" : null;
}

const revocations = (stage: ProviderStage) => stage.server.requests.filter(({ kind }) => kind === "revoke");
const failed = (stage: ProviderStage) => stage.events.filter(({ type }) => type === "revocation.failed");

export const revocationRows: readonly Row[] = [
  {
    cell: "revoke",
    promise: "a logout reaches the provider, and nothing of the login works there any more",
    absent,
    async run(stage) {
      const browser = await stage.login();
      await stage.api(browser);
      const { authorization = "" } = stage.server.requests.filter(({ kind }) => kind === "api").at(-1)?.headers ?? {};
      await stage.logout(browser);
      await stage.settle();
      equal(revocations(stage).length, 1, "revocation requests");
      equal(failed(stage), [], "revocations that failed");
      equal(await stage.session(browser), { loggedIn: false }, "the session");
      equal(stage.server.isAlive(authorization.replace(/^\S+ /, "")), false, "the grant is alive");
    },
  },
  {
    cell: "revoke",
    promise: "a logout after the person removed the app is a logout like any other",
    absent,
    async run(stage) {
      const browser = await stage.login();
      stage.server.revokeGrants();
      await stage.logout(browser);
      await stage.settle();
      equal(failed(stage), [], "revocations that failed");
      equal(await stage.session(browser), { loggedIn: false }, "the session");
    },
  },
];
