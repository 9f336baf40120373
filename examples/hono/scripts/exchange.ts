/** Uses web standards only: it runs wherever the worker does. */

export interface WorkerModule {
  readonly default: { fetch(request: Request, bindings: object, context: object): Response | Promise<Response> };
}

export type FetchApp = (path: string, cookie: string) => Promise<Response>;

/** Calls the worker's module directly, in this runtime. */
export function fetchModule(worker: WorkerModule, bindings: { readonly BASE_URL: string }): FetchApp {
  const context = { waitUntil: () => {}, passThroughOnException: () => {} };
  return async (path, cookie) =>
    worker.default.fetch(new Request(`${bindings.BASE_URL}${path}`, { headers: { cookie } }), bindings, context);
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .filter((line) => !/;\s*max-age=0/i.test(line))
    .map((line) => line.slice(0, line.indexOf(";")))
    .join("; ");
}

/** Logs in, at a provider that approves without asking; returns the Cookie header of the session. */
export async function seal(app: FetchApp): Promise<string> {
  const start = await app("/auth/login", "");
  const approved = await fetch(start.headers.get("location") ?? "", { redirect: "manual" });
  const callback = new URL(approved.headers.get("location") ?? "");
  return cookiesOf(await app(`${callback.pathname}${callback.search}`, cookiesOf(start)));
}

/** Says what the session of a Cookie header is: its fingerprint, and the name that `onLogin` kept in it. */
export async function open(app: FetchApp, cookie: string): Promise<string> {
  const session = (await (await app("/auth/session", cookie)).json()) as { loggedIn: boolean; id?: string };
  const name = /<title>Hello, ([^<]*)<\/title>/.exec(await (await app("/", cookie)).text())?.[1];
  return session.loggedIn ? `${session.id} ${name}` : "nobody";
}
