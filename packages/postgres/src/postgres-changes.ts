import { type Changes, changeChannel } from "@pixy/grants";
import { unescaped } from "./escaped.ts";
import type { Listening } from "./listening.ts";

/** Milliseconds for which a process that keeps records is known to the database. */
const knownMs = 60_000;
/** Milliseconds of it that the process counts on. */
const provenMs = 45_000;

/** Hears the changes that our functions tell of an app's records, once the database knows that somebody listens. */
export function postgresChanges(
  connection: Listening,
  app: string,
  call: (name: string, ...values: unknown[]) => Promise<unknown>,
): Changes {
  // No app's name has a plus: nothing that is told of a lease looks like it.
  const prefix = `+${app} `;
  const changes = changeChannel({
    provenMs,
    onSilent: connection.drop,
    keyOf: (payload) => (payload.startsWith(prefix) ? unescaped(payload.slice(prefix.length)) : null),
    publish: async (message) => connection.isOn() && call("listen", message, knownMs),
  });
  connection.add(changes);
  return { listen: changes.listen, isHeard: () => connection.isOn() && changes.isHeard() };
}
