import { type GrantsParts, partsOf } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";

const ada = { owner: "ada", provider: "spotify", account: null };
const name = { owner: "ada" };

function world() {
  const made = createGrantsWorld();
  const parts = partsOf(made.grants) as GrantsParts;
  const save = (subject?: string, epoch?: number, onConflict?: "replace") =>
    parts.save(name, made.tokens(), { ...(subject === undefined ? {} : { subject }), onConflict }, epoch);
  return { ...made, parts, save };
}

describe("a grant that takes another one's place", () => {
  it("goes on with its line while that one stands, and begins one of its own where it has ended", async () => {
    const { grants, save, parts } = world();
    const first = await save("one");
    const second = await save("one");
    expect([second.line, second.id === first.id]).toEqual([first.line, false]);
    expect(await parts.find(ada)).toMatchObject({ state: "there", grant: { line: first.line, id: second.id } });
    await grants.end(name);
    expect((await save("one")).line).not.toBe(first.line);
  });

  it("begins a line of its own for another account, and after all of the owner was ended", async () => {
    const { grants, save } = world();
    const first = await save("one");
    const other = await save("two", undefined, "replace");
    expect(other.line).not.toBe(first.line);
    await grants.endAll(name);
    expect((await save("two")).line).not.toBe(other.line);
  });

  it("is of one line, however many save the first one at once", async () => {
    const { save } = world();
    const saved = await Promise.all(Array.from({ length: 10 }, () => save("one")));
    expect(new Set(saved.map(({ line }) => line)).size).toBe(1);
  });

  it("is not saved where all of the owner was ended since whoever saves had looked", async () => {
    const { grants, save, parts } = world();
    const epoch = await parts.epochOf("ada");
    await grants.endAll(name);
    await expect(save("one", epoch)).rejects.toMatchObject({ code: "grant_not_found" });
    expect(await grants.has(name)).toBe(false);
  });

  it("is of the client that it was issued to", async () => {
    const { parts, tokens } = world();
    expect(await parts.save(name, tokens(), { clientId: "her own" })).toMatchObject({ clientId: "her own" });
    expect(await parts.save(name, tokens())).toMatchObject({ clientId: "client" });
  });
});
