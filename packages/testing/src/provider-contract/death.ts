import type { UserAgent } from "../browser/user-agent.ts";
import { equal } from "../contract/assertion.ts";
import { families } from "../families/families.ts";
import type { FaultBehaviour } from "../state/fault.ts";
import { withoutRefresh } from "./refresh.ts";
import type { Row } from "./row.ts";
import type { ProviderStage } from "./stage.ts";

const weather: Readonly<Record<string, FaultBehaviour>> = {
  "429 in plain text": { kind: "text", status: 429, body: "error code: 1015" },
  "403 with a page": { kind: "html", status: 403 },
  "502 with a page": { kind: "html", status: 502 },
  "503 with JSON": { kind: "status", status: 503 },
};

async function expectOutage(stage: ProviderStage, browser: UserAgent, what: string): Promise<void> {
  const page = await stage.api(browser);
  equal([page.status, codeOf(page)], [503, "provider_unavailable"], what);
  equal((await stage.session(browser)).loggedIn, true, `logged in after ${what}`);
  stage.server.clearFaults();
  stage.clock.advance(11_000);
  equal((await stage.api(browser)).status, 200, `the status of the API once it is over: ${what}`);
}

export const deathRows: readonly Row[] = [
  {
    cell: "death",
    promise: "a dead refresh token is shown once, and a login is offered, which helps",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      stage.server.revokeGrants();
      const first = await stage.api(browser);
      equal([first.status, codeOf(first)], [401, "reauth_required"], "the answer");
      equal((await stage.api(browser)).status, 401, "the next answer");
      equal(stage.refreshes, 1, "refresh requests");
      const session = await stage.session(browser);
      if (stage.contract.death === "kept") equal([session.loggedIn, session.reauthNeeded], [true, true], "the session");
      else equal(session, { loggedIn: false }, "the session");
      await stage.login(browser);
      equal((await stage.api(browser)).status, 200, "the status of the API after a login");
    },
  },
  {
    cell: "death",
    promise: "no refusal brings a token into an event or an answer",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      stage.server.revokeGrants();
      const page = await stage.api(browser);
      const { refresh_token: shown = "" } = stage.server.tokenRequests("refresh_token").at(-1)?.parameters ?? {};
      equal(shown.length > 20, true, "a refresh token was shown");
      equal(`${page.body}${textOf(stage.events)}`.includes(shown), false, "it is repeated");
    },
  },
  {
    cell: "death",
    promise: "a secret that is wrong ends nobody's login, and everything works again with the right one",
    absent: (contract) =>
      withoutRefresh(contract) ?? (families[contract.as].client === "none" ? "its client has no secret" : null),
    breaksRules: true,
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      stage.useSecret("a-secret-of-before");
      const page = await stage.api(browser);
      const told = stage.contract.death === "kept" ? [401, "reauth_required"] : [503, "provider_misconfigured"];
      equal([page.status, codeOf(page)], told, "the answer");
      equal((await stage.session(browser)).loggedIn, true, "logged in");
      stage.useSecret(null);
      stage.clock.advance(11_000);
      equal((await stage.api(browser)).status, 200, "the status of the API with the right secret");
    },
  },
  {
    cell: "death",
    promise: "firewalls, limits and outages end nobody's login, and are asked once",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      for (const [what, fault] of Object.entries({ ...weather, ...stage.family.outages })) {
        await stage.outliveAccessToken(browser);
        stage.server.fault({ ...fault, at: "token", consume: false });
        const before = stage.refreshes;
        await expectOutage(stage, browser, what);
        equal(stage.refreshes - before, 2, `refresh requests for ${what}, with the one that worked`);
      }
    },
  },
];

function codeOf(page: { json(): unknown }): unknown {
  return (page.json() as { code?: unknown }).code;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part instanceof Error ? { ...part, message: part.message, cause: part.cause } : part,
  );
}
