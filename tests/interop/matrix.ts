import { type Cell, cells, type ForeignServer } from "./foreign-server.ts";

/** What a run has found, server by server and cell by cell. */
export interface Matrix {
  /** A test of this cell is going to run; with a fault it is known to fail. */
  plan(server: ForeignServer, cell: Cell, fault: string | undefined): void;
  pass(server: ForeignServer, cell: Cell): void;
  /** The servers in the order of the run, as Markdown. */
  table(): string;
}

interface Score {
  planned: number;
  passed: number;
  faults: number;
}

export function createMatrix(): Matrix {
  const servers = new Set<ForeignServer>();
  const scores = new Map<string, Score>();
  const score = (server: ForeignServer, cell: Cell): Score => {
    const key = `${server.name} ${cell}`;
    const found = scores.get(key) ?? { planned: 0, passed: 0, faults: 0 };
    scores.set(key, found);
    return found;
  };
  const outcome = (server: ForeignServer, cell: Cell): string => {
    if (server.absent[cell] !== undefined) return "absent";
    const { planned, passed, faults } = score(server, cell);
    if (planned === 0 || passed + faults !== planned) return "fails";
    if (faults === 0) return "holds";
    return faults === planned ? "known fault" : `holds but for ${faults} of ${planned}`;
  };
  return {
    plan(server, cell, fault) {
      servers.add(server);
      const found = score(server, cell);
      found.planned += 1;
      if (fault !== undefined) found.faults += 1;
    },
    pass: (server, cell) => {
      score(server, cell).passed += 1;
    },
    table() {
      const rows = [...servers].map((server) => [
        `${server.name} ${server.version}`,
        ...cells.map((cell) => outcome(server, cell)),
      ]);
      return markdown(["server", ...cells], rows);
    },
  };
}

/** A table whose columns are aligned, as a formatter leaves it. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
