interface Goal {
  /** The figure that is meant: the section, or the framework, and the row. */
  readonly of: string;
  readonly what: string;
  readonly goal: number;
  /** Smaller is better, as of a size. */
  readonly isMost?: boolean;
  /** The figure in the same run that no library of this kind gets beyond, where there is one. */
  readonly limit?: string;
  /** What the limit is, and why it is not reached where it is not. */
  readonly why: string;
}

const cookieFloor = "express (nothing but a cookie of 1 kB and two headers)";

const goals: readonly Goal[] = [
  {
    of: "express @pixy/express, cookie",
    ...{ what: "Express, hot cookie session, share of bare", goal: 0.87, limit: cookieFloor },
    why: "a header of 1 kB and two headers of the answer, by any hand",
  },
  {
    of: "express @pixy/express, Redis and a subscriber",
    ...{ what: "Express with Redis and a subscriber", goal: 0.75, limit: "express @pixy/express, memory" },
    why: "the same session in the memory store, which looks a Map up",
  },
  {
    of: "express @pixy/express, Postgres that is listened to",
    ...{ what: "Express with Postgres that is listened to", goal: 0.75, limit: "express @pixy/express, memory" },
    why: "the same",
  },
  {
    of: "hono @pixy/hono, cookie",
    ...{ what: "Hono on Node, hot cookie session, share of bare", goal: 0.63 },
    ...{ limit: "hono (a cookie looked up in a Map, and two headers)" },
    why: "a cookie that is looked up in a Map, and two headers, by hand",
  },
  {
    of: "Codes @pixy/core",
    ...{ what: "codes a second", goal: 229_000, limit: "Codes (limit: node:crypto, synchronous)" },
    why: "node:crypto without a promise; both go with the machine's speed",
  },
  {
    of: "Login URLs @pixy/core",
    ...{ what: "login URLs a second", goal: 107_000, limit: "Login URLs arctic (synchronous)" },
    why: "arctic makes them without a promise; both go with the machine's speed",
  },
  {
    of: "Size @pixy/core, the task",
    ...{ what: "core's task, bytes gzipped", goal: 5_200, isMost: true, limit: "Size arctic, the task (Spotify)" },
    why: "arctic, which tells fewer answers apart; tests/size.test.ts holds what ours is now",
  },
  {
    of: "Size @pixy/hono, everything",
    ...{ what: "the Hono adapter with all that it pulls, bytes gzipped", goal: 38_000, isMost: true },
    why: "none is known; tests/size.test.ts holds what it is now, with several providers, sessions of an owner and connected accounts, which came since the goal was set",
  },
];

/** Takes the figures as they are measured, and lays those that are wanted beside their goals. */
export function createGoals() {
  const figures = new Map<string, number>();
  const written = (figure: number | undefined) =>
    figure === undefined ? "–" : figure < 10 ? figure.toFixed(2) : Math.round(figure).toLocaleString("en");
  return {
    reached: (of: string, figure: number) => void figures.set(of, figure),
    rows: () =>
      goals.map(({ of, what, goal, isMost = false, limit, why }) => {
        const figure = figures.get(of);
        const isMet = figure !== undefined && (isMost ? figure <= goal : Number(figure.toFixed(2)) >= goal);
        return {
          what,
          goal: `${isMost ? "at most " : ""}${written(goal)}`,
          measured: written(figure),
          met: figure === undefined ? "not measured" : isMet ? "yes" : "no",
          limit: written(figures.get(limit ?? "")),
          "what the limit is": why,
        };
      }),
  };
}
