import { checklist } from "./checklist.ts";
import { type NamedTest, namedTests } from "./named-tests.ts";
import type { Row } from "./row.ts";

const begin = "<!-- The table below is written by `pnpm security-table`. -->";

/** Returns the text of SECURITY.md with the table as the checklist and the tests have it now. */
export function withTable(text: string, files: ReadonlyMap<string, string>): string {
  const prose = text.includes(begin) ? text.slice(0, text.indexOf(begin)) : `${text}\n`;
  return `${prose}${begin}\n\n${table(files)}\n`;
}

function table(files: ReadonlyMap<string, string>): string {
  const tests = namedTests(files);
  const lines = checklist.map((row) =>
    [row.id, row.threat, row.rule, link(row.file), shown(row, tests)].map(cell).join(" | "),
  );
  return [
    "| | threat | rule | kept in | shown by |",
    "|---|---|---|---|---|",
    ...lines.map((line) => `| ${line} |`),
  ].join("\n");
}

function shown(row: Row, tests: readonly NamedTest[]): string {
  if (row.status !== "tested") return `${row.status}: ${row.reason}`;
  const own = [...new Set(testsOf(row, tests).map((test) => test.file))].sort().map(link);
  return [...own, ...(row.shownBy ?? [])].join(", ");
}

/** The tests that carry the row's own id. */
export function testsOf(row: Row, tests: readonly NamedTest[]): NamedTest[] {
  return tests.filter((test) => test.id === row.id);
}

/** A file by the end of its path, which is enough to tell it apart. */
function link(path: string): string {
  const [, name = "", rest = ""] = /^packages\/([^/]+)\/(?:src\/)?(.*)$/.exec(path) ?? [];
  return `[${name === "" ? path : `${name}/${rest}`}](${path})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
