import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Listener } from "./contender.ts";

/** Follows `url` over redirects, as a browser would, and returns the Cookie header that its origin then gets. */
export async function signIn(url: string): Promise<string> {
  const jars = new Map<string, Map<string, string>>();
  let next = url;
  for (let hop = 0; hop < 10; hop++) {
    const { origin } = new URL(next);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(next, { redirect: "manual", headers: cookie === "" ? {} : { cookie } });
    await response.arrayBuffer();
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /;\s*max-age=0\b|;\s*expires=[^;]*1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location !== null) next = new URL(location, next).href;
    // A page that the test has no use for: the login is behind it.
    if (location === null || new URL(next).pathname === "/") break;
  }
  const jar = jars.get(new URL(url).origin);
  if (!jar?.size) throw new Error(`${url} led to ${next} and left no cookie.`);
  return Array.from(jar, ([name, value]) => `${name}=${value}`).join("; ");
}

/** Signs people in at an application that no server listens for yet. */
export async function signInAll(listener: Listener, people: number): Promise<string[]> {
  const server = createServer(listener as never).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cookies: string[] = [];
  try {
    for (let person = 0; person < people; person++) {
      cookies.push(await signIn(`http://127.0.0.1:${(server.address() as AddressInfo).port}/enter?person=${person}`));
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return cookies;
}
