import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { explore } from "../../packages/grants/test/explore.ts";
import { createSharingWorld, type SharedStore, type SharingModel } from "../lib/sharing-model.ts";
import { SharingTurns } from "../lib/sharing-run.ts";
import { takeOverTime } from "../lib/turns.ts";

beforeAll(takeOverTime);
afterAll(() => void vi.restoreAllMocks());

// REFRESH_MODEL=long explores what takes minutes and not seconds.
const long = process.env.REFRESH_MODEL === "long";

async function exploreAll(model: SharingModel) {
  const world = await createSharingWorld(model);
  const problems = new Map<string, string>();
  const endings = new Set<string>();
  let requests = 0;
  let ends = 0;
  await explore(
    () => new SharingTurns(world),
    (run) => {
      ends++;
      requests = Math.max(requests, run.requests[0] + run.requests[1]);
      for (const [name, ending] of Object.entries(run.endings)) endings.add(`${name} ${ending}`);
      // The schedule stands in the failure: it replays.
      for (const problem of run.problems) if (!problems.has(problem)) problems.set(problem, run.trace.join(" "));
    },
  );
  return { problems, requests, ends, endings };
}

const both = ["session", "job"] as const;
const late = { late: 1 };

describe("sessions and jobs that read one grant, every interleaving", () => {
  const expire = { expire: 1 };
  const plans: readonly SharingModel[] = [
    { readers: both },
    { readers: both, accidents: expire },
    { readers: both, login: true },
    { readers: both, end: "end" },
    { readers: ["session"], end: "end", accidents: late },
    { readers: ["job"], end: "end", login: true },
    { readers: ["session"], end: "endAll" },
    { readers: ["job"], end: "endAll" },
    ...(long
      ? ([
          { readers: [...both, "job"], accidents: expire },
          { readers: both, login: true, accidents: expire },
          { readers: both, end: "endAll" },
          { readers: both, end: "end", accidents: late },
          { readers: ["session"], end: "end", login: true },
          { readers: ["session"], end: "endAll", login: true },
        ] as const)
      : []),
  ];
  it.each(plans)(
    "%j: one token request, and nobody loses what the provider would honour",
    async (model) => {
      const { problems, requests, ends, endings } = await exploreAll(model);
      expect(problems).toEqual(new Map());
      expect(ends).toBeGreaterThan(1);
      // Whose lease ends while its request is on its way: the next one asks, too.
      expect(requests).toBe(model.accidents?.expire ? 2 : 1);
      // An end comes before the reader, and after it.
      const [reader] = model.readers;
      expect(endings.has(`${reader}0 ${reader === "job" ? "grant_not_found" : "login_required"}`)).toBe(
        model.end !== undefined,
      );
    },
    600_000,
  );
});

describe("the exploration notices a store with one thing left out", () => {
  const noLease = (store: SharedStore): SharedStore => ({
    ...store,
    take(key, operation) {
      if (operation[0] === "acquire") {
        const fence = store
          .take<{ intents: readonly { fence: number }[] } | null>(key, ["read"])
          ?.intents.at(-1)?.fence;
        if (fence !== undefined) store.take(key, ["release", fence]);
      }
      return store.take(key, operation);
    },
  });
  const noGenerations = (store: SharedStore): SharedStore => ({
    ...store,
    take(key, operation) {
      const answer = store.take<never>(key, operation);
      if (operation[0] !== "commit" || answer !== "gone") return answer;
      store.take(key, ["replace", operation[2], operation[3]]);
      return "committed" as never;
    },
  });
  const noAnswer = (store: SharedStore): SharedStore => ({
    ...store,
    take(key, operation) {
      const answer = store.take<never>(key, operation);
      return operation[0] === "delete" ? (undefined as never) : answer;
    },
  });
  const noEpochs = (store: SharedStore): SharedStore => ({ ...store, epochOf: () => 0 });

  it.each([
    ["no lease", { readers: ["session", "job"], mutate: noLease }, "two token requests at once"],
    [
      "no generations",
      { readers: ["session"], end: "end", accidents: late, mutate: noGenerations },
      "brought back after its end",
    ],
    [
      "no generations",
      { readers: ["job"], login: true, mutate: noGenerations },
      "a late write stands in the place of the newer grant",
    ],
    [
      "no answer to a deletion",
      { readers: ["session"], end: "end", mutate: noAnswer },
      "a grant that was ended lives on at the provider",
    ],
    [
      "no answer to a deletion",
      { readers: ["job"], end: "end", login: true, mutate: noAnswer },
      "a grant that was ended lives on at the provider",
    ],
    [
      "no epochs",
      { readers: ["job"], end: "endAll", mutate: noEpochs },
      "a token of a grant whose end was seen is handed out",
    ],
  ] as const)("%s: %j", async (_name, model, problem) => {
    expect([...(await exploreAll(model)).problems.keys()]).toContain(problem);
  });
});
