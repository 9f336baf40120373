import { equal } from "../contract/assertion.ts";
import { families } from "../families/families.ts";
import type { ProviderContract } from "./provider-contract.ts";
import { withoutRefresh } from "./refresh.ts";
import type { Row } from "./row.ts";

/** Whether a second use ends the login, at once and for good. */
function withoutReuse(contract: ProviderContract): string | null {
  const { rotation, refreshTokenGrace = 0 } = families[contract.as].settings;
  const isDeadly = rotation === "strict" && refreshTokenGrace === 0;
  return withoutRefresh(contract) ?? (isDeadly ? null : "a second use of a refresh token ends nothing there");
}

/** Whether a replaced refresh token is of any use. */
function withoutGrace(contract: ProviderContract): string | null {
  const { settings } = families[contract.as];
  const lives = settings.rotation === "omit" || (settings.refreshTokenGrace ?? 0) > 0;
  return withoutRefresh(contract) ?? (lives ? null : "a lost answer is a lost login there");
}

export const rotationRows: readonly Row[] = [
  {
    cell: "rotation",
    promise: "four refreshes in a row each show the newest token, and the login lives on",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      for (let round = 1; round <= 4; round++) {
        await stage.outliveAccessToken(browser);
        equal((await stage.api(browser)).status, 200, `the status of the API in round ${round}`);
        equal(stage.refreshes, round, "refresh requests");
      }
    },
  },
  {
    cell: "rotation",
    promise: "twenty calls at once send one refresh",
    absent: withoutRefresh,
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      const pages = await Promise.all(Array.from({ length: 20 }, () => stage.api(browser)));
      equal([...new Set(pages.map(({ status }) => status))], [200], "statuses of the API");
      equal(stage.refreshes, 1, "refresh requests");
    },
  },
  {
    cell: "rotation",
    promise: "an answer to a refresh that is lost costs nobody the login where the old token still counts",
    absent: withoutGrace,
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      stage.server.fault({ at: "token", kind: "reset-after-consume", times: 1 });
      if ((await stage.api(browser)).status !== 200) stage.clock.advance(11_000);
      equal((await stage.api(browser)).status, 200, "the status of the API");
      equal((await stage.session(browser)).reauthNeeded ?? false, false, "a login is wanted");
    },
  },
  {
    cell: "rotation",
    promise: "an answer that is lost is asked for again at once where every client has a grace",
    absent: (contract) => (families[contract.as].grace === "documented" ? null : "no page promises a grace"),
    async run(stage) {
      const browser = await stage.login();
      await stage.outliveAccessToken(browser);
      stage.server.fault({ at: "token", kind: "reset-after-consume", times: 1 });
      equal((await stage.api(browser)).status, 200, "the status of the API");
      equal(stage.refreshes, 2, "refresh requests, with the one that was lost");
    },
  },
  {
    cell: "rotation",
    promise:
      "an answer that is lost is not asked for again while the access token works, where a second use ends the login",
    absent: withoutReuse,
    async run(stage) {
      const browser = await stage.login();
      const { expiresAt } = await stage.session(browser);
      stage.clock.set(Date.parse(String(expiresAt)) - 10_000);
      stage.server.fault({ at: "token", kind: "reset-after-consume", times: 1 });
      for (let call = 1; call <= 2; call++) equal((await stage.api(browser)).status, 200, `the status of call ${call}`);
      equal(stage.refreshes, 1, "refresh requests");
    },
  },
  {
    cell: "rotation",
    promise: "when a login will be due is known where the provider says it, and never too late",
    absent: withoutRefresh,
    async run(stage) {
      const { clock } = stage.family;
      const { refreshTokenIdleLifetime: idle, refreshTokenLifetime: absolute } = stage.server.settings;
      const browser = await stage.login();
      const begin = stage.clock.now();
      for (const round of [0, 1, 2]) {
        if (round > 0) {
          await stage.outliveAccessToken(browser);
          await stage.api(browser);
        }
        const { reauthDueAt } = await stage.session(browser);
        const isSaid = typeof reauthDueAt === "string";
        if (clock === "documented" || clock === "stated") equal(isSaid, true, "a due time is known");
        if (!isSaid) continue;
        const ends = Math.min(begin + absolute * 1000, stage.clock.now() + (idle ?? absolute) * 1000);
        equal(Date.parse(reauthDueAt) <= ends, true, `${reauthDueAt} is not after ${new Date(ends).toISOString()}`);
      }
    },
  },
  {
    cell: "rotation",
    promise: "what an answer states about the end beats what a page says",
    absent: ({ as }) => (families[as].clock === "stated" ? null : "no answer states an end"),
    async run(stage) {
      const { refreshTokenIdleLifetime: idle, refreshTokenLifetime: absolute } = stage.server.settings;
      const seconds = Math.floor((idle ?? absolute) / 2);
      stage.server.configure(idle === null ? { refreshTokenLifetime: seconds } : { refreshTokenIdleLifetime: seconds });
      const { reauthDueAt } = await stage.session(await stage.login());
      equal(Date.parse(String(reauthDueAt)), stage.clock.now() + seconds * 1000, "when a login will be due");
    },
  },
];
