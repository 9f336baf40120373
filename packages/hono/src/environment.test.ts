import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { environmentOf } from "./environment.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function recorder(): { app: Hono; seen: object[] } {
  const seen: object[] = [];
  const app = new Hono().get("/", (c) => {
    seen.push(environmentOf(c));
    return c.text("seen");
  });
  return { app, seen };
}

describe("environmentOf", () => {
  it("is the bindings that a test or a Worker gives", async () => {
    const { app, seen } = recorder();
    const [one, two] = [{ CLIENT: "one" }, { CLIENT: "two" }];
    for (const bindings of [one, two, one]) await app.request("/", {}, bindings);
    expect(seen[0]).toBe(one);
    expect(seen[1]).toBe(two);
    expect(seen[2]).toBe(one);
  });

  it("is the process's where a test gives none", async () => {
    const { app, seen } = recorder();
    await app.request("/");
    await app.request("/", {}, {});
    expect(seen[0]).toBe(process.env);
    expect(seen[1]).toBe(process.env);
  });

  it("is the process's on Node's server, which passes the connection as a new object each time", async () => {
    const { app, seen } = recorder();
    const port = await new Promise<number>((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) => resolve(address.port));
      closing.push(() => server.close());
    });
    await (await fetch(`http://127.0.0.1:${port}/`)).text();
    await (await fetch(`http://127.0.0.1:${port}/`)).text();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(process.env);
    expect(seen[1]).toBe(seen[0]);
  });

  it("is the process's on Bun's and Deno's servers", async () => {
    const { app, seen } = recorder();
    const bun = { requestIP: () => null, port: 1 };
    const deno = { remoteAddr: { transport: "tcp" }, completed: Promise.resolve() };
    for (const connection of [bun, { server: bun }, deno]) await app.request("/", {}, connection);
    expect(seen).toHaveLength(3);
    for (const environment of seen) expect(environment).toBe(process.env);
  });
});
