/** A server, as a row of a matrix with these columns. */
export interface Row<Column extends string> {
  readonly name: string;
  readonly version: string;
  /** What it has not, and why. */
  readonly absent: Partial<Record<Column, unknown>>;
  /** What we do wrong, by the promise of a test. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** What a run has found, server by server and cell by cell. */
export interface Matrix<Column extends string> {
  /** A test of this cell is going to run; with a fault it is known to fail. */
  plan(server: Row<Column>, cell: Column, fault: string | undefined): void;
  pass(server: Row<Column>, cell: Column): void;
  /** The servers in the order of the run, as Markdown. */
  table(): string;
}

interface Score {
  planned: number;
  passed: number;
  faults: number;
}

export function createMatrix<Column extends string>(columns: readonly Column[]): Matrix<Column> {
  const servers = new Set<Row<Column>>();
  const scores = new Map<string, Score>();
  const score = (server: Row<Column>, cell: Column): Score => {
    const key = `${server.name} ${cell}`;
    const found = scores.get(key) ?? { planned: 0, passed: 0, faults: 0 };
    scores.set(key, found);
    return found;
  };
  const outcome = (server: Row<Column>, cell: Column): string => {
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
        ...columns.map((cell) => outcome(server, cell)),
      ]);
      return markdown(["server", ...columns], rows);
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
