/** Where in a refresh a process is killed or stopped. */
export const killPoints = [
  "before the lease",
  "after the lease",
  "before the request",
  "after the answer",
  "before the save",
  "after the save",
] as const;
export type KillPoint = (typeof killPoints)[number];

export interface Order {
  /** Comes back with the report: a process may have several orders at once. */
  readonly id: number;
  readonly owner: string;
  readonly calls: number;
  readonly dieAt?: KillPoint;
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

/** What the calls came to, and how often each. */
export type Report = Readonly<Record<string, number>>;
