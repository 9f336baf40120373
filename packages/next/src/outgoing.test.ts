import { createServer, get, type IncomingHttpHeaders, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makePrivate } from "./outgoing.ts";

let listener: RequestListener = () => {};
const server = createServer((request, response) => listener(request, response));
const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => {
  server.close();
});

async function ask(path = "/"): Promise<IncomingHttpHeaders> {
  await listening;
  const { port } = server.address() as AddressInfo;
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, path, agent: false }, resolve).on("error", reject);
  });
  message.resume();
  return message.headers;
}

const isPrivate = { "cache-control": "private, no-store", vary: "Cookie" };

describe("the answer that Node is about to send", () => {
  it("is made private by code that runs for its request, and no other is", async () => {
    listener = async ({ url = "" }, response) => {
      await wait(Math.random() * 5);
      if (url.startsWith("/read")) makePrivate();
      await wait(Math.random() * 5);
      response.end();
    };
    const paths = Array.from({ length: 40 }, (_, index) => `${index % 2 ? "/read" : "/public"}/${index}`);
    const answers = await Promise.all(paths.map(ask));
    for (const [index, headers] of answers.entries()) {
      expect([paths[index], headers["cache-control"]]).toEqual([
        paths[index],
        index % 2 ? "private, no-store" : undefined,
      ]);
    }
  });

  it.each<[string, unknown[]]>([
    ["set", []],
    ["given to writeHead", [{ "Cache-Control": "public, no-transform", Vary: "Accept" }]],
    ["given with a reason", ["Fine", { "cache-control": "public, no-transform", vary: "Accept" }]],
    ["given as a list", [["Cache-Control", "public, no-transform", "Vary", "Accept"]]],
  ])("keeps what the app's own headers say besides, %s", async (_how, given) => {
    listener = (_request, response) => {
      makePrivate();
      makePrivate();
      response.setHeader("cache-control", "no-transform").setHeader("vary", "Accept");
      (response.writeHead as (...all: unknown[]) => typeof response)(203, ...given).end();
    };
    expect(await ask()).toMatchObject({ "cache-control": "private, no-store, no-transform", vary: "Accept, Cookie" });
  });

  it("stays as it is once its headers have left, and where there is none", async () => {
    expect(makePrivate()).toBeUndefined();
    const told: unknown[] = [];
    listener = (_request, response) => {
      response.flushHeaders();
      told.push(makePrivate());
      response.end();
      told.push(makePrivate());
    };
    expect(await ask()).not.toHaveProperty("cache-control");
    expect(told).toEqual(["", undefined]);
  });

  it("is private where its request came before anything was watched", async () => {
    let answer = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      listener = (_request, response) => {
        answer = () => void response.end();
        resolve();
      };
    });
    const early = ask();
    await arrived;
    vi.resetModules();
    Reflect.deleteProperty(globalThis, Symbol.for("pixy/next/1"));
    await import("./outgoing.ts");
    answer();
    expect(await early).toMatchObject(isPrivate);
    listener = (_request, response) => void response.end();
    expect(await ask()).not.toHaveProperty("cache-control");
  });

  it("is one for all copies of this module", async () => {
    vi.resetModules();
    const copy = await import("./outgoing.ts");
    listener = (_request, response) => {
      copy.makePrivate();
      response.end();
    };
    expect(await ask()).toMatchObject(isPrivate);
  });
});
