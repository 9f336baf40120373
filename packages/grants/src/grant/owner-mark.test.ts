import { describe, expect, it } from "vitest";
import { readSecrets } from "../sealing/secrets.ts";
import { ownerMarks } from "./owner-mark.ts";

const [one, other] = ["c2XSpGQ0mHkTk3PqUz7b1vYw9LdNf4RjEoVhAx8ZsKg", "Qb7nWc4ZyTg2KmXrVd9LpHs6JfUe1AoNi3RtBx8YkMw"];

describe("what the index notes of an owner", () => {
  it("is found under the current secret and those before it, and names nobody without them", async () => {
    const [before] = await ownerMarks(readSecrets(one), "app", "ada");
    const marks = await ownerMarks(readSecrets([other, one]), "app", "ada");
    expect(marks).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), before]);
    expect(marks[0]).not.toBe(before);
  });

  it("is another one for another owner and another app", async () => {
    const secrets = readSecrets(one);
    const marks = await Promise.all([
      ownerMarks(secrets, "app", "ada"),
      ownerMarks(secrets, "app", "bob"),
      ownerMarks(secrets, "ap", "pada"),
    ]);
    expect(new Set(marks.flat()).size).toBe(3);
  });
});
