import { parseArgs } from "node:util";

export interface SoakOptions {
  readonly example: "express" | "next" | "hono" | "hono-node";
  readonly store: "cookie" | "memory" | "redis" | "durable-object";
  readonly minutes: number;
  /** Processes of the app behind one address. */
  readonly processes: number;
  /** Whether the live heap is looked at: for runs of hours, which have their figures in files of their own. */
  readonly hours: boolean;
  /** Milliseconds between two things that a person does, at most. */
  readonly pause: number;
  /** How many people use the app at once. */
  readonly visitors: number;
  readonly seed: number;
  /** The folder that gets the plot and the figures; null for none. */
  readonly output: string | null;
}

export const usage = `pnpm check soak [options]
  --example   express | next | hono | hono-node      (express)
  --store     cookie | memory | redis | durable-object (cookie)
  --minutes   how long, also 0.1                     (3)
  --hours     in place of minutes: two processes where the store is redis, and looks at the live heap
  --visitors  people at once                         (40)
  --pause     milliseconds between two things that a person does, at most (800)
  --seed      a whole number that repeats the choices (drawn)
  --output    a folder for the plot and the figures  (none)`;

/** Reads the command line; throws an Error whose message is the usage. */
export function readOptions(parameters: readonly string[]): SoakOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...parameters].filter((parameter) => parameter !== "--"),
    options: {
      ...{ example: text, store: text, minutes: text, hours: text },
      ...{ visitors: text, pause: text, seed: text, output: text },
    },
  });
  const hours = values.hours !== undefined;
  const minutes = hours ? positive("hours", values.hours ?? "") * 60 : positive("minutes", values.minutes ?? "3");
  const store = oneOf("store", values.store ?? "cookie", ["cookie", "memory", "redis", "durable-object"]);
  // With sessions in cookies, two processes and a provider that rotates, people are logged out: docs/scaling.md.
  const processes = hours && store === "redis" ? 2 : 1;
  const examples = hours ? (["express", "hono-node"] as const) : (["express", "next", "hono", "hono-node"] as const);
  return {
    ...{ store, minutes, hours, processes },
    example: oneOf("example", values.example ?? "express", examples),
    pause: positive("pause", values.pause ?? (minutes < 1 ? "60" : "800")),
    visitors: Math.ceil(positive("visitors", values.visitors ?? "40")),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : positive("seed", values.seed),
    output: values.output ?? null,
  };
}

function oneOf<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  const name = names.find((known) => known === value);
  if (name === undefined) throw new Error(`--${option} is one of ${names.join(", ")}, not "${value}".\n${usage}`);
  return name;
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) throw new Error(`--${option} is a number above 0, not "${value}".\n${usage}`);
  return number;
}
