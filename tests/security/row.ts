/** What stands between a threat and us. */
export type Status = "tested" | "documented" | "not applicable" | "optional module absent";

/** One line of the list of threats: where it is met, and the test that shows it. */
export interface Row {
  /** Also stands at the front of the names of its tests. */
  readonly id: string;
  readonly threat: string;
  readonly rule: string;
  /** The file of ours that keeps the rule. */
  readonly file: string;
  readonly status: Status;
  /** Rows whose tests show this one too. */
  readonly shownBy?: readonly string[];
  /** Why there is no test. */
  readonly reason?: string;
}

type Line = readonly [id: string, threat: string, rule: string, file: string, note?: string | readonly string[]];

/** Rows that a test shows; `note` names other rows whose tests do. */
export function tested(lines: readonly Line[]): Row[] {
  return lines.map(([id, threat, rule, file, shownBy]) => {
    const row = { id, threat, rule, file: pathOf(file), status: "tested" } as const;
    return Array.isArray(shownBy) ? { ...row, shownBy } : row;
  });
}

/** Rows that no test shows, with the reason. */
export function untested(status: Exclude<Status, "tested">, lines: readonly Line[]): Row[] {
  return lines.map(([id, threat, rule, file, reason]) => ({
    ...{ id, threat, rule, file: pathOf(file), status },
    reason: String(reason ?? ""),
  }));
}

/** `core/pkce` is packages/core/src/pkce.ts; what names its ending is taken as it is. */
function pathOf(file: string): string {
  if (file.includes(".")) return file;
  const [name, ...rest] = file.split("/");
  return `packages/${name}/src/${rest.join("/")}.ts`;
}
