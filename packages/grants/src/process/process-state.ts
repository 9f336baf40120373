/**
 * The state of this process lives in one place on `globalThis`, because one process may load this module several times
 * (Next.js does, once each for the proxy, the pages and the handlers), and a refresh must be one for all of them.
 */
const registry: unique symbol = Symbol.for("pixy/1") as never;

interface Registry {
  readonly [registry]?: Map<string, unknown>;
}

/**
 * Returns the state kept under `name` for the whole process, made on first use, however often this module is loaded. Names
 * carry everything that sets two states apart.
 *
 * @example
 * const flights = processState("flights", () => new Map<string, Promise<unknown>>());
 */
export function processState<State>(name: string, create: () => State): State {
  const scope = globalThis as Registry & { [registry]?: Map<string, unknown> };
  scope[registry] ??= new Map();
  const states = scope[registry] as Map<string, unknown>;
  if (!states.has(name)) states.set(name, create());
  return states.get(name) as State;
}
