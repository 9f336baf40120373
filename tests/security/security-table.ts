import { checklist } from "./checklist.ts";
import { type NamedTest, namedTests } from "./named-tests.ts";
import type { Row } from "./row.ts";

const head = `# Threats, rules and tests

Written by \`npx -y pnpm@12 write threats\`. Each row is a threat that was considered. Its id stands at the front of the names of its
tests. P: PKCE. A: authorization code. B: bearer tokens. R: revocation. N: native apps. M: metadata. S: issuer in the callback. O, W, X:
OAuth 2.1, browser-based apps, and the security best practice of RFC 9700. C: cookies. D: work that strangers cause. F: forged requests. K: seals and sessions. V: flaws
that comparable libraries had.
`;

/** Returns the page of threats as the checklist and the tests have it now. */
export function threatsPage(files: ReadonlyMap<string, string>): string {
  return `${head}\n${table(files)}\n`;
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
  return `[${name === "" ? path : `${name}/${rest}`}](../../${path})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
