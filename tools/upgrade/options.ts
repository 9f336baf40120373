import { parseArgs } from "node:util";

export interface UpgradeOptions {
  /** The commit that stands for the release of before. */
  readonly from: string;
  readonly people: number;
  /** How often all tokens expire in each phase. */
  readonly rounds: number;
}

export const usage = `pnpm check upgrade [options]
  --from    the commit of before           (a08bacf)
  --people  how many log in                (24)
  --rounds  expired tokens in each phase   (5)`;

/** Reads the command line; throws an Error whose message is the usage. */
export function readOptions(parameters: readonly string[]): UpgradeOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: parameters.filter((parameter) => parameter !== "--"),
    options: { from: text, people: text, rounds: text },
  });
  const count = (value: string): number => {
    const number = Number(value);
    if (Number.isSafeInteger(number) && number > 0) return number;
    throw new Error(usage);
  };
  return { from: values.from ?? "a08bacf", people: count(values.people ?? "24"), rounds: count(values.rounds ?? "5") };
}
