import { randomBytes } from "node:crypto";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, type PixyOptions } from "@pixy/server";

export interface CookieGrowth {
  readonly order: string;
  readonly requests: number;
  /** Of a hundred, those that opened no cookie. */
  readonly hits: number;
  readonly perSecond: number;
  /** MB that the process has more than before the first request. */
  readonly heap: number;
}

/** So many people with cookies of their own at one process, in several orders; counts which requests opened a cookie. */
export async function growCookies(people: number, print: (line: string) => void): Promise<CookieGrowth[]> {
  const options: PixyOptions<{ name: string }> = {
    ...{ provider: spotify, clientId: "growth", baseUrl: "http://127.0.0.1:3000", scope: ["user-read-private"] },
    ...{ secret: randomBytes(32).toString("base64url"), onLogin: () => ({ name: "" }), onEvent: () => {} },
  };
  const cookies: string[] = [];
  for (let person = 0; person < people; person++) {
    const tokens = {
      ...{ accessToken: randomBytes(101).toString("hex"), refreshToken: randomBytes(66).toString("hex") },
      ...{ expiresIn: 86_400, scope: ["user-read-private"] },
    };
    const [line = ""] = await issueSession(options, { tokens, data: { name: `Ada ${person}` } });
    cookies.push(line.slice(0, line.indexOf(";")));
  }
  print(`${people} cookies of ${cookies[0]?.length} characters`);
  const auth = createAuth(options);
  const orders: Readonly<Record<string, (request: number) => number>> = {
    "each once": (request) => request,
    "each in turn, again": (request) => request,
    "anybody, all alike": () => Math.floor(Math.random() * people),
    "nine of ten requests by a twentieth of them": () =>
      Math.floor(Math.random() * (Math.random() < 0.9 ? people / 20 : people)),
  };
  let opened = 0;
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  crypto.subtle.decrypt = (...input) => {
    opened++;
    return decrypt(...input);
  };
  const before = heap();
  const rows: CookieGrowth[] = [];
  for (const [order, next] of Object.entries(orders)) {
    opened = 0;
    const start = performance.now();
    for (let request = 0; request < people; request++) {
      const cookie = cookies[next(request)] ?? "";
      const session = await auth.open({ method: "GET", url: "/", header: () => cookie }).session();
      if (session === null) throw new Error("Nobody is logged in.");
    }
    const perSecond = Math.round(people / ((performance.now() - start) / 1_000));
    const hits = Math.round((1 - opened / people) * 1_000) / 10;
    rows.push({ order, requests: people, hits, perSecond, heap: Math.round((heap() - before) / 1e5) / 10 });
  }
  return rows;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
