import { describe, expect, it } from "vitest";
import { callApi, errorOf, exchange, logIn } from "../../test/fixture.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { pushLatest, setLatest } from "./latest.ts";

const numbers = Array.from({ length: 1_000 }, (_, index) => index);

describe("what is remembered of much", () => {
  it("is the latest of a list", () => {
    const list: number[] = [];
    const sizes = numbers.map((number) => {
      pushLatest(list, number, 20);
      return list.length;
    });
    expect([Math.max(...sizes), Math.min(...sizes.slice(20))]).toEqual([20, 18]);
    expect(list.slice(-18)).toEqual(numbers.slice(-18));
  });

  it("is the latest of a map", () => {
    const map = new Map<string, number>();
    const sizes = numbers.map((number) => {
      setLatest(map, String(number), number, 20);
      return map.size;
    });
    expect([Math.max(...sizes), Math.min(...sizes.slice(20))]).toEqual([20, 18]);
    expect([...map.values()].slice(-18)).toEqual(numbers.slice(-18));
  });
});

describe("a server that runs for long", () => {
  it("remembers as many requests and violations as it was told, and how many there were", async () => {
    const server = createAuthorizationServer({ maxRecords: 10 });
    const { requests, violations } = server;
    for (let count = 0; count < 25; count++) await server.fetch("/authorize?client_id=x");
    await callApi(server.fetch, "unknown");
    expect([requests.length, violations.length]).toEqual([10, 9]);
    expect(requests.at(-1)?.kind).toBe("api");
    expect(server.counts).toEqual({ requests: 26, violations: 25 });
    server.reset();
    expect([requests.length, violations.length, server.counts]).toEqual([0, 0, { requests: 0, violations: 0 }]);
  });

  it("forgets codes that nobody came for after ten thousand others", async () => {
    const server = createAuthorizationServer();
    const first = await logIn(server);
    for (let count = 0; count < 10_000; count++) await logIn(server);
    const last = await logIn(server);
    expect(await errorOf(await exchange(server.fetch, first))).toBe("invalid_grant");
    expect((await exchange(server.fetch, last)).status).toBe(200);
  });
});
