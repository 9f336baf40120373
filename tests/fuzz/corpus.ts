import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

/** An input that is tried before all others, and why. */
export interface CorpusEntry {
  readonly why: string;
  readonly input: unknown;
}

const home = new URL("corpus/", import.meta.url);

/** Where the corpus of a target stands. */
export function corpusFile(target: string, folder: URL = home): URL {
  return new URL(`${target.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.json`, folder);
}

export function readCorpus(target: string, folder: URL = home): readonly CorpusEntry[] {
  let text: string;
  try {
    text = readFileSync(corpusFile(target, folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return (JSON.parse(text) as CorpusEntry[]).map(({ why, input }) => ({ why, input: fromJson(input) }));
}

/** Adds an entry; one with the same input is there only once. */
export function saveToCorpus(target: string, entry: CorpusEntry, folder: URL = home): void {
  const written = JSON.stringify(toJson(entry.input));
  const others = readCorpus(target, folder).map(({ why, input }) => ({ why, input: toJson(input) }));
  if (others.some(({ input }) => JSON.stringify(input) === written)) return;
  mkdirSync(folder, { recursive: true });
  const entries = [...others, { why: entry.why, input: toJson(entry.input) }];
  writeFileSync(corpusFile(target, folder), `${JSON.stringify(entries, null, 2)}\n`);
}

/** As it stands in the file: what JSON cannot say is an object with one `$` member. */
export function toJson(value: unknown): unknown {
  if (value === undefined) return { $undefined: true };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "string" && value.length > 200) return repeated(value);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}

export function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object" || value === null) return value;
  const [[name, member] = ["", null], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === "$undefined") return undefined;
    if (name === "$number") return Number(member);
    if (name === "$bytes") return new Uint8Array(Buffer.from(member, "base64"));
    if (name === "$text") return (member as (string | [string, number])[]).map(textOf).join("");
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}

function textOf(piece: string | [text: string, times: number]): string {
  return typeof piece === "string" ? piece : piece[0].repeat(piece[1]);
}

/** Long texts are mostly one character again and again, and are read better as `["a", 16385]`. */
function repeated(text: string): { readonly $text: readonly (string | readonly [string, number])[] } {
  const runs = text.match(/(.)\1{19,}|(?:(?!(.)\2{19}).)+/gsu) ?? [];
  return {
    $text: runs.map((run) => {
      const [first = ""] = run;
      return run.length >= 20 * first.length && run === first.repeat(run.length / first.length)
        ? [first, run.length / first.length]
        : run;
    }),
  };
}
