import type { PixyOptions } from "@pixy/server";
import { describeCallback } from "./callback.ts";
import type { AdapterChapter } from "./chapter.ts";
import { describeGuard } from "./guard.ts";
import { describeLogin } from "./login.ts";
import { describePlace } from "./place.ts";
import { describeRefresh } from "./refresh.ts";
import { describeSession } from "./session.ts";
import { AdapterStage } from "./stage.ts";
import { describeStranger } from "./stranger.ts";
import { equal } from "../contract/assertion.ts";
import type { Runner } from "../contract/runner.ts";

/** What `onLogin` of the contract's options returns. */
export interface AdapterProfile {
  readonly name: string;
}

export interface RunningApp {
  /** The origin at which it listens, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface AdapterContract {
  /** The name under which the tests are listed. */
  readonly name: string;
  /**
   * Serves one app over HTTP, on a free port, with an instance of the login for each of the options. Everything of an
   * instance lies below the path of its `baseUrl`, which is `/`, `/below/a/path` or `/second`:
   *
   * - `/auth/…`: login, callback, logout, session
   * - `/`: `{ "name": … }` out of the session's data, or `{ "name": null }`
   * - `/me`: behind the guard; `/v1/me` as the provider answers it, with the answer's status
   * - `/playlists`: behind the guard for the scope `playlist-read-private`; `/v1/me/playlists` in the same way
   * - `/unguarded`: as `/me`, but without a guard; errors of ours are answered as the adapter answers them
   * - `/own-cookie`: as `/me`, with the app's own `Set-Cookie: own=1; Path=/` and `Vary: Accept`
   * - `/own-cache`: as `/`, with the app's own `Cache-Control: public, max-age=60, no-transform`
   * - `/public`: `{ "ok": true }`, and nothing is asked of the login
   */
  readonly start: (...instances: readonly PixyOptions<AdapterProfile>[]) => Promise<RunningApp>;
}

/** Runs what every adapter promises against an app that is served over HTTP. Failed promises throw, whatever the runner. */
export function describeAdapter({ describe, it }: Runner, contract: AdapterContract): void {
  const row: AdapterChapter["row"] = (promise, body, paths = [""]) => {
    it(promise, async () => {
      const stage = new AdapterStage();
      await stage.open(contract, paths);
      try {
        await body(stage);
        equal(stage.provider.violations, [], "rules of the provider that were broken");
      } finally {
        await stage.close();
      }
    });
  };

  describe(contract.name, () => {
    const chapter: AdapterChapter = { describe, row };
    describeLogin(chapter);
    describeCallback(chapter);
    describeGuard(chapter);
    describeSession(chapter);
    describeRefresh(chapter);
    describePlace(chapter);
    describeStranger(chapter);
  });
}
