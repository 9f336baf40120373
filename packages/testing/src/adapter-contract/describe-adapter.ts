import { equal } from "../contract/assertion.ts";
import type { Runner } from "../contract/runner.ts";
import type { AdapterContract } from "./adapter-contract.ts";
import { describeCallback } from "./callback.ts";
import type { AdapterChapter } from "./chapter.ts";
import { describeConnect } from "./connect.ts";
import { describeGuard } from "./guard.ts";
import { describeLogin } from "./login.ts";
import { describePlace } from "./place.ts";
import { describeProviders } from "./providers.ts";
import { describeRefresh } from "./refresh.ts";
import { describeSession } from "./session.ts";
import { AdapterStage } from "./stage.ts";
import { describeStranger } from "./stranger.ts";

/**
 * Runs what every adapter promises against an app that is served over HTTP. Failed promises throw, whatever the runner.
 *
 * @example
 * describeAdapter({ describe, it }, { name: "my adapter", start: (...instances) => listen(createApp(instances)) });
 */
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
    describeLogin(chapter, contract.headerOf);
    describeCallback(chapter);
    describeGuard(chapter);
    describeSession(chapter);
    describeRefresh(chapter);
    describePlace(chapter);
    describeProviders(chapter);
    if (contract.connects) describeConnect(chapter);
    describeStranger(chapter);
  });
}
