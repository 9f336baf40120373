/** What came of one expired token, several processes, and perhaps a signal to one of them. */
export interface Round {
  readonly processes: number;
  readonly trouble: "SIGKILL" | "SIGSTOP" | null;
  /** What each process got: a status, the code of an error, or `killed`. The victim is the first. */
  readonly results: readonly string[];
  /** What a process gets that starts when all is over. */
  readonly after: string;
  readonly milliseconds: number;
  /** How many got theirs while one was stopped; `null` where none was. */
  readonly doneMeanwhile: number | null;
  readonly tokenRequests: number;
  /** The most token requests that were on their way at once. */
  readonly atOnce: number;
  /** Whether the provider has acted on a token request of the victim's. */
  readonly isVictimServed: boolean;
}

/**
 * Says what must not have happened. A kill may cost one more token request, never two at once, and the grant only where the
 * provider had answered the process that was killed: then the answer died with it, and the token that is left is used up.
 */
export function problemsOf(round: Round): string[] {
  const { trouble, results, after, tokenRequests, atOnce, isVictimServed } = round;
  const isKill = trouble === "SIGKILL";
  const mayBeLost = isKill && results[0] === "killed" && isVictimServed;
  const bearable = mayBeLost ? ["200", "login_required", "provider_unavailable"] : ["200"];
  const others = isKill && results[0] === "killed" ? results.slice(1) : results;
  const unexpected = [...others, after].filter((result) => !bearable.includes(result));
  return [
    ...(tokenRequests <= (isKill ? 2 : 1) && tokenRequests >= 1 ? [] : [`${tokenRequests} token requests`]),
    ...(atOnce <= 1 ? [] : [`${atOnce} token requests at once`]),
    ...unexpected.map((result) => `a process got ${result}`),
  ];
}
