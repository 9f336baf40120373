/**
 * Calls `stop` once, when the process is asked to end: SIGTERM, SIGINT, or the death of the package manager that
 * started it, which is sent the signal in our place and does not pass it on.
 */
export function onStopSignal(stop: () => void): void {
  let isStopping = false;
  const stopOnce = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stopOnce);
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stopOnce();
  }, 250).unref();
}
