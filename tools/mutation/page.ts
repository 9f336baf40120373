import { percent, type Reason, reasonOf, type Score } from "./score.ts";

/** tools/mutation/README.md from the scores and the reasons of those that survived. */
export function renderPage(scores: readonly Score[], reasons: readonly Reason[]): string {
  const sorted = scores.toSorted((one, other) => (one.file < other.file ? -1 : 1));
  const total = { file: "all", mutants: sum(sorted, "mutants"), killed: sum(sorted, "killed"), survivors: [] };
  const explained = sorted.flatMap(({ file, survivors }) =>
    survivors.filter((survivor) => reasonOf(file, survivor, reasons) !== undefined),
  ).length;
  const rows = sorted.map((score) => [
    `\`${score.file.replace("packages/", "").replace("/src", "")}\``,
    ...[score.mutants, score.killed, score.survivors.length].map(String),
    percent(score),
  ]);
  return `${[
    ...introduction,
    "## Scores",
    "",
    ...table(
      ["file", "mutants", "noticed", "survived", "score"],
      [
        ...rows,
        ["all", String(total.mutants), String(total.killed), String(total.mutants - total.killed), percent(total)],
      ],
    ),
    "",
    `${explained} of ${total.mutants - total.killed} survivors have their reason below.`,
    "",
    "## What survived, and why",
    ...sorted.filter(({ survivors }) => survivors.length > 0).flatMap((score) => survivorsOf(score, reasons)),
  ].join("\n")}\n`;
}

const introduction = [
  "# What the tests notice",
  "",
  "`pnpm check mutation` changes a line, asks the tests that reach it, and changes it back, a thousand times over",
  "([Stryker](../../docs/decisions/0006-stryker-in-a-copy.md)). A change that no test notices is a test that is missing, or a line",
  "that does not matter; below stands which.",
  "",
  "```sh",
  "pnpm check mutation --file core/src/pkce --file grants/src/sealing/seal   # what survives in these files",
  "pnpm check mutation --write                                       # all of them, and this page anew",
  "```",
  "",
  "A change is first shown to the tests of its own folder, which are quick, and what they let pass to all the tests of its",
  "package (`tools/mutation/tests.ts`), so that no package is held by another's tests alone. Works on a copy of the tracked",
  "files, one test process at a time, and keeps what it found after each folder. Sentences for people are not changed.",
  "Reasons stand in `tools/mutation/reasons.json`; after an edit `pnpm check mutation --page` writes this page.",
  "",
];

function survivorsOf({ file, survivors }: Score, reasons: readonly Reason[]): string[] {
  const grouped = Map.groupBy(survivors, (survivor) => reasonOf(file, survivor, reasons) ?? "Not judged yet.");
  return [
    "",
    `### ${file.replace("packages/", "").replace("/src", "")}`,
    "",
    ...[...grouped].flatMap(([reason, group]) => [
      `- ${reason}`,
      ...group.map(({ line, change }) => `  - ${line}: ${code(change)}`),
    ]),
  ];
}

function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)];
}

function sum(scores: readonly Score[], member: "mutants" | "killed"): number {
  return scores.reduce((total, score) => total + score[member], 0);
}
