import type { Claims } from "@pixy/core";
import { memoryStore, type RecordIndex } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { secret, settingsWith } from "../../test/settings.ts";
import { createSessionIndex } from "./session-index.ts";

const issuer = "https://login.example";
const other = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";

function world() {
  const clock = { at: 0 };
  const index = memoryStore({ now: () => clock.at }).index as RecordIndex;
  const notes: unknown[] = [];
  const noting: RecordIndex = {
    ...index,
    add(...note) {
      notes.push(note);
      return index.add(...note);
    },
  };
  return {
    clock,
    notes,
    under: (...secrets: string[]) => createSessionIndex(settingsWith({ secret: secrets }), noting),
  };
}

describe("the index of sessions", () => {
  it("finds them by the person and by the login, at their provider only", async () => {
    const sessions = world().under(secret);
    await sessions.add("one", issuer, { sub: "ada", sid: "s1" }, 1_000);
    await sessions.add("two", issuer, { sub: "ada", sid: "s2" }, 1_000);
    await sessions.add("three", "https://other.example", { sub: "ada", sid: "s1" }, 1_000);
    await sessions.add("four", issuer, { sub: "s1" }, 1_000);
    expect([...(await sessions.keysOf(issuer, { sub: "ada" }))].sort()).toEqual(["one", "two"]);
    expect(await sessions.keysOf(issuer, { sid: "s1" })).toEqual(["one"]);
    expect(await sessions.keysOf(issuer, { sub: "ada", sid: "s2" })).toEqual(["two"]);
    expect(await sessions.keysOf(issuer, { sub: "grace" })).toEqual([]);
    await sessions.remove("one");
    expect(await sessions.keysOf(issuer, { sid: "s1" })).toEqual([]);
    expect(await sessions.keysOf(issuer, { sub: "ada" })).toEqual(["two"]);
  });

  it("notes nobody where the claims name nobody", async () => {
    const { notes, under } = world();
    const sessions = under(secret);
    for (const claims of [null, {}, { sub: "" }, { sub: 7 }]) {
      await sessions.add("one", issuer, claims as Claims | null, 1_000);
    }
    expect([notes, await sessions.keysOf(issuer, { sub: "" })]).toEqual([[], []]);
  });

  it("shows no name to who reads the store, and finds under a secret of before", async () => {
    const { notes, under } = world();
    await under(secret).add("one", issuer, { sub: "ada@example" }, 1_000);
    expect(JSON.stringify(notes)).not.toContain("ada");
    expect(await under(other, secret).keysOf(issuer, { sub: "ada@example" })).toEqual(["one"]);
    expect(await under(other).keysOf(issuer, { sub: "ada@example" })).toEqual([]);
  });
});
