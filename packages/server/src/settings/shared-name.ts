import { processState } from "@pixy/grants";
import { identityOf, type Settings } from "./settings.ts";

/**
 * Warns of two logins in one process whose sessions are in cookies of the same name on the same host, and cannot be read
 * by each other: each would take the other's place in the browser. The same login twice is one, as when a module is
 * loaded again. No error, because a login that replaces another one, after an edit or in the next test, looks the same.
 */
export function warnOfSharedName<Data>(settings: Settings<Data>): void {
  const { ways, store, baseUrl, basePath, authPath, cookies, emit } = settings;
  const logins = processState("names", () => new Map<string, Map<string, string>>());
  // Cookies know no ports, and ours have no path.
  const place = `${baseUrl.hostname} ${cookies.session}`;
  const known = logins.get(place) ?? new Map<string, string>();
  logins.set(place, known);
  const where = store?.name ?? "cookie";
  const login = [...ways.flatMap(identityOf), where].join("\u001f");
  if (known.has(login)) return;
  const clients = ways.map(({ name, clientId }) => `${name} with client ${clientId}`).join(", ");
  const own = `${clients} at ${basePath}${authPath} (${where} store)`;
  const [other] = known.values();
  known.set(login, own);
  if (other === undefined) return;
  emit({
    type: "set-up.warning",
    code: "name_shared",
    message:
      `Two logins of this process keep sessions in the cookie ${cookies.session} on ${baseUrl.hostname}: ${other}, and ${own}. ` +
      "Each overwrites the other's. Give one of them a `name` of its own, unless it has replaced the other.",
  });
}
