import type { Kill } from "./proof.ts";

/**
 * How the grant ends.
 * - `kept`: it goes on.
 * - `lost between send and save`: the provider has used up the token, and what replaced it died with the process. Nobody can
 *   rule that out: it ends as `reauth_required`.
 */
export interface Verdict {
  readonly ends: "kept" | "lost between send and save" | "wrong";
  readonly problems: readonly string[];
}

const betweenSendAndSave: readonly string[] = ["after the answer", "before the save"];

/** What a kill may cost: one more token request, never two at once, and the grant only where its successor died. */
export function judge({ signal, point, isHit, tokenRequests, atOnce, after, others }: Kill): Verdict {
  const where = `${signal} ${point}`;
  const mayLose = betweenSendAndSave.includes(point) || (signal === "SIGSTOP" && point === "before the request");
  const isKept = after["200"] === 1;
  const isLost = mayLose && after.reauth_required === 1;
  // Who waits for a dead one's answer is told to try again; the grant ends once nobody can be waited for any more. Who asks
  // a store that is still coming back is told to try again, too.
  const bearable = [
    "200",
    ...(mayLose ? ["reauth_required", "provider_unavailable"] : []),
    ...(signal === "restart" ? ["store_unavailable"] : []),
  ];
  const unexpected = Object.keys(others).filter((name) => !bearable.includes(name));
  const problems = [
    ...(isHit ? [] : [`${where}: was never reached`]),
    ...(tokenRequests <= 2 ? [] : [`${where}: ${tokenRequests} token requests`]),
    ...(atOnce <= 1 ? [] : [`${where}: ${atOnce} token requests at once`]),
    ...(isKept || isLost ? [] : [`${where}: a call ends as ${Object.keys(after).join()}`]),
    ...unexpected.map((name) => `${where}: others were told ${name}`),
  ];
  return { ends: isKept ? "kept" : isLost ? "lost between send and save" : "wrong", problems };
}
