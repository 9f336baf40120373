import { randomBytes } from "node:crypto";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, memoryStore, type PixyOptions } from "@pixy/server";
import { secret } from "./servers/contender.ts";

export interface Memory {
  readonly name: string;
  readonly megabytes: number;
  /** Characters of one session cookie. */
  readonly cookie: number;
}

/** The heap that 10,000 people take who have all sent a request, each with tokens of their own. */
export async function measureMemory(people = 10_000): Promise<Memory[]> {
  const results: Memory[] = [];
  for (const [name, choice] of [
    ["cookie", {}],
    ["memory", { store: memoryStore() }],
  ] as const) {
    const options: PixyOptions<{ name: string }> = {
      provider: spotify,
      clientId: "bench",
      baseUrl: "http://127.0.0.1:3000",
      secret,
      scope: ["user-read-private"],
      onLogin: () => ({ name: "" }),
      ...choice,
    };
    const auth = createAuth(options);
    const before = heap();
    let cookies: string[] = [];
    for (let person = 0; person < people; person++) {
      const tokens = {
        accessToken: randomBytes(101).toString("hex"),
        refreshToken: randomBytes(66).toString("hex"),
        expiresIn: 3600,
        scope: ["user-read-private"],
      };
      const [line = ""] = await issueSession(options, { tokens, data: { name: `Ada ${person}` } });
      cookies.push(line.slice(0, line.indexOf(";")));
    }
    for (const cookie of cookies) {
      const session = await auth.open({ method: "GET", url: "/", header: () => cookie }).session();
      if (session === null) throw new Error("Nobody is signed in.");
    }
    const length = cookies[0]?.length ?? 0;
    // The browsers' part of it.
    cookies = [];
    results.push({ name, megabytes: (heap() - before) / 1e6, cookie: length });
    // Named after the measure, so that what it holds is not collected before.
    if (auth.settings.provider?.name === "") throw new Error("Unreachable: a provider has a name.");
  }
  return results;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
