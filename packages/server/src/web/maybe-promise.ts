import type { MaybePromise } from "@pixy/grants";

/** Goes on with a value, at once where it is at hand: the hot path of a request makes no promise. */
export function andThen<T, Next>(value: MaybePromise<T>, next: (value: T) => MaybePromise<Next>): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
