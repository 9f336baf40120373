/** One change that no test noticed. */
export interface Survivor {
  readonly line: number;
  /** `before → after`. */
  readonly change: string;
}

export interface Score {
  readonly file: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
}

/** Why a change may go unnoticed. */
export interface Reason {
  readonly file: string;
  readonly changes: readonly string[];
  readonly reason: string;
}

/** The part that is read of a mutation testing report (schema version 2). */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

const lives = ({ status }: Mutant): boolean => status === "Survived" || status === "NoCoverage";

/** The places of what survived, as Stryker takes them: `file:line:column-line:column`, where columns begin at 0. */
export function survivorsOf(report: Report): string[] {
  const places = Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants.filter(lives).map(({ location: { start, end } }) => {
      return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
    }),
  );
  return [...new Set(places)];
}

/** The first report, where what the second one has noticed is noticed. */
export function withKilled(first: Report, second: Report): Report {
  const name = (file: string, { location, replacement }: Mutant) => JSON.stringify([file, location, replacement]);
  const entries = Object.entries(second.files).flatMap(([file, { mutants }]) =>
    mutants.filter((mutant) => /^(Killed|Timeout)$/.test(mutant.status)).map((mutant) => name(file, mutant)),
  );
  const noticed = new Set(entries);
  const files = Object.entries(first.files).map(([file, { source, mutants }]) => {
    const known = mutants.map((mutant) => (noticed.has(name(file, mutant)) ? { ...mutant, status: "Killed" } : mutant));
    return [file, { source, mutants: known }] as const;
  });
  return { files: Object.fromEntries(files) };
}

/** The scores of a report, a file each, with the survivors in the order of the lines. */
export function scoresOf(report: Report): Score[] {
  return Object.entries(report.files).map(([file, { source, mutants }]) => {
    const judged = mutants.filter(({ status }) => !/^(Ignored|CompileError|RuntimeError|Pending)$/.test(status));
    const living = judged.filter(lives);
    const survivors = living.map(({ location, replacement = "" }) => ({
      line: location.start.line,
      change: changeOf(textAt(source, location), replacement),
    }));
    survivors.sort((one, other) => one.line - other.line);
    return { file, mutants: judged.length, killed: judged.length - living.length, survivors };
  });
}

function textAt(source: string, { start, end }: Mutant["location"]): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  // The end first: on one line the start would move it.
  lines.push((lines.pop() ?? "").slice(0, end.column - 1));
  return [(lines.shift() ?? "").slice(start.column - 1), ...lines].join("\n");
}

/** `before → after`; of long texts the part where they differ. */
function changeOf(before: string, after: string): string {
  const [one, other] = [before.replace(/\s+/g, " "), after.replace(/\s+/g, " ")];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const start = Math.max(one.length, other.length) > 80 ? Math.max(0, same - 30) : 0;
  return `${shorten(one, start)} → ${shorten(other, start)}`;
}

function shorten(text: string, start: number): string {
  const end = start + 80 < text.length ? start + 79 : text.length;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

export function percent({ killed, mutants }: Score): string {
  return `${(Math.floor((1000 * killed) / Math.max(1, mutants)) / 10).toFixed(1)} %`;
}

/** The reason of a survivor, or undefined where none was given. */
export function reasonOf(file: string, { change }: Survivor, reasons: readonly Reason[]): string | undefined {
  return reasons.find((reason) => reason.file === file && reason.changes.includes(change))?.reason;
}
