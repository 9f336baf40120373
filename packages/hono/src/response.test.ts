import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addLines, answer } from "./response.ts";

const lines = [
  ["set-cookie", "ours=1; Path=/"],
  ["cache-control", "private, no-store"],
  ["vary", "Cookie"],
] as const;

const upstream = createServer((_incoming, outgoing) => {
  outgoing.writeHead(201, { "set-cookie": ["theirs=1", "theirs=2"], vary: "Accept", "x-up": "stream" }).end("body");
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
});
afterAll(() => {
  upstream.close();
});

function appAnswering(make: () => Response | Promise<Response>): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next();
      addLines(c, lines);
    })
    .get("/", make);
}

describe("addLines", () => {
  it("adds to a response whose headers are immutable: one of fetch()", async () => {
    const response = await appAnswering(() => fetch(url)).request("/");
    expect(response.status).toBe(201);
    expect(await response.text()).toBe("body");
    expect(response.headers.getSetCookie()).toEqual(["theirs=1", "theirs=2", "ours=1; Path=/"]);
    expect(response.headers.get("vary")).toBe("Accept, Cookie");
    expect(response.headers.get("x-up")).toBe("stream");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("adds to Response.redirect()", async () => {
    const response = await appAnswering(() => Response.redirect("https://elsewhere.test/", 307)).request("/");
    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("https://elsewhere.test/");
    expect(response.headers.getSetCookie()).toEqual(["ours=1; Path=/"]);
  });

  it("adds to answers without a body", async () => {
    for (const status of [204, 304]) {
      const response = await appAnswering(() => new Response(null, { status })).request("/");
      expect(response.status).toBe(status);
      expect(response.headers.getSetCookie()).toEqual(["ours=1; Path=/"]);
    }
  });

  it("keeps the app's own cookies", async () => {
    const own = (): Response => {
      const response = new Response("own");
      response.headers.append("set-cookie", "own=1");
      response.headers.append("set-cookie", "own=2");
      return response;
    };
    const response = await appAnswering(own).request("/");
    expect(response.headers.getSetCookie()).toEqual(["own=1", "own=2", "ours=1; Path=/"]);
  });

  it("leaves a response alone where there is nothing to add", async () => {
    const original = await fetch(url);
    const app = new Hono().get("/", (c) => {
      c.res = original;
      addLines(c, []);
      expect(c.res).toBe(original);
      return c.res;
    });
    expect(await (await app.request("/")).text()).toBe("body");
  });
});

describe("answer", () => {
  it("wins over headers of earlier middleware, keeps the others, and adds cookies up", async () => {
    const app = new Hono().get("/", async (c) => {
      c.res.headers.set("access-control-allow-origin", "https://spa.test");
      c.res.headers.set("cache-control", "public, max-age=60");
      c.res.headers.append("set-cookie", "earlier=1");
      const headers = new Headers([["set-cookie", "ours=2"]]);
      for (const [name, value] of lines) headers.append(name, value);
      answer(c, new Response("ours", { status: 401, headers }));
      return c.res;
    });
    const response = await app.request("/");
    expect(response.status).toBe(401);
    expect(await response.text()).toBe("ours");
    expect(response.headers.get("access-control-allow-origin")).toBe("https://spa.test");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.getSetCookie()).toEqual(["earlier=1", "ours=2", "ours=1; Path=/"]);
  });

  it("replaces the answer that Hono gave an error", async () => {
    const app = new Hono()
      .use(async (c, next) => {
        await next();
        answer(c, Response.json({ code: "x" }, { status: 503 }));
      })
      .onError((_error, c) => c.text("Internal Server Error", 500))
      .get("/", () => {
        throw new Error("down");
      });
    const response = await app.request("/");
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ code: "x" });
  });
});
