/** Milliseconds that only go forward: a lease must neither end nor last because somebody has set the clock. */
export function monotonicMilliseconds(): number {
  return performance.timeOrigin + performance.now();
}
