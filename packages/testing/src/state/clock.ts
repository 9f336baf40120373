/** A clock that tests move: times are milliseconds since the Unix epoch. */
export interface Clock {
  now(): number;
  /** Moves the clock forward (or back, with a negative number) by so many milliseconds. */
  advance(milliseconds: number): void;
  /** Sets the clock to a moment in milliseconds since the Unix epoch. */
  set(moment: number): void;
}

/**
 * Creates a clock that stands still at `start` (the present, unless given) until it is moved.
 *
 * @throws TypeError for what is no finite number.
 * @example
 * const clock = createClock();
 * const options = { ...rest, now: clock.now };
 * clock.advance(3_600_000);
 */
export function createClock(start: number = Date.now()): Clock {
  let moment = finite(start);
  return {
    now: () => moment,
    advance(milliseconds) {
      moment += finite(milliseconds);
    },
    set(next) {
      moment = finite(next);
    },
  };
}

/** Creates a clock that runs with the system's and can be moved on top of that. */
export function runningClock(): Clock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance(milliseconds) {
      offset += finite(milliseconds);
    },
    set(moment) {
      offset = finite(moment) - Date.now();
    },
  };
}

function finite(value: number): number {
  if (!Number.isFinite(value))
    throw new TypeError(`A clock moves by a finite number of milliseconds, not by ${value}.`);
  return value;
}
