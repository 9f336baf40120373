import { memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { secret } from "../../test/settings.ts";
import { createAuth } from "../auth.ts";
import type { PixyEvent } from "./events.ts";
import type { OptionsFor } from "./options.ts";

/** What is said of logins that are made one after the other, each on top of the first one's options. */
function saidOf(host: string, ...logins: Partial<OptionsFor<unknown>>[]): PixyEvent[] {
  const events: PixyEvent[] = [];
  const first = { provider: spotify, clientId: "one", baseUrl: `https://${host}`, secret };
  for (const login of logins) createAuth({ ...first, ...login, onEvent: (event) => void events.push(event) });
  return events;
}

const warning = expect.objectContaining({ type: "set-up.warning", code: "name_shared" });

describe("two logins in one process with cookies of the same name on the same host", () => {
  it("are told of, with both and what to change", () => {
    const [told, ...more] = saidOf("a.example", {}, { clientId: "two", authPath: "/second" });
    expect([told, more]).toEqual([warning, []]);
    const message = told !== undefined && "message" in told ? told.message : "";
    for (const part of ["__Host-pixy", "a.example", "client one at /auth", "client two at /second", "`name`"]) {
      expect(message).toContain(part);
    }
    expect(message).not.toContain(secret);
  });

  it.each<[string, Partial<OptionsFor<unknown>>]>([
    ["provider", { provider: { ...spotify, issuer: "https://other.example" } }],
    ["client", { clientId: "two" }],
    ["store", { store: memoryStore() }],
  ])("differ by their %s", (what, second) => {
    expect(saidOf(`${what}.example`, { name: "own" }, { name: "own", ...second })).toEqual([warning]);
  });

  it("are told of once, however often they are made", () => {
    expect(saidOf("c.example", {}, { clientId: "two" }, {}, { clientId: "two" }, {})).toEqual([warning]);
  });
});

describe("nothing is told", () => {
  it.each<[string, Partial<OptionsFor<unknown>>]>([
    ["the same login again, as from a module that is loaded twice", {}],
    ["the same login at another path, which reads the same sessions", { authPath: "/second" }],
    ["the same login under a new secret", { secret: ["w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y", secret] }],
    ["a name of its own", { clientId: "two", name: "second" }],
    ["another host", { clientId: "two", baseUrl: "https://e.example" }],
  ])("of %s", (_what, second) => {
    expect(saidOf("d.example", {}, second)).toEqual([]);
  });

  it("of ports on loopback, which stand in the default name", () => {
    const [one, two] = [3001, 3002].map((port) => ({ baseUrl: `http://127.0.0.1:${port}`, clientId: String(port) }));
    expect(saidOf("f.example", { ...one }, { ...two })).toEqual([]);
  });
});
