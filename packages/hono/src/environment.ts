import type { Context } from "hono";
import { env, getRuntimeKey } from "hono/adapter";

// Node's, Bun's and Deno's servers pass something about the connection as `c.env`, new for each request.
const connections = ["incoming", "remoteAddr", "server", "requestIP"] as const;

let processEnvironment: object | undefined;

/**
 * The object that holds this request's variables, the same one for every request with the same variables: the bindings
 * of a Worker or of `app.request(path, init, bindings)`; where there are none, the environment of the process.
 */
export function environmentOf(c: Context): object {
  const bindings: unknown = c.env;
  if (isBindings(bindings)) return bindings;
  // Kept, because `env(c)` makes a new object for each call on Deno.
  processEnvironment ??= env<Record<string, unknown>>(c);
  return processEnvironment;
}

function isBindings(value: unknown): value is object {
  if (getRuntimeKey() === "workerd") return true;
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return false;
  return !connections.some((name) => name in value);
}
