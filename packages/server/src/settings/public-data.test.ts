import { describe, expect, it } from "vitest";
import { readPublicData } from "./public-data.ts";

describe("what pages may know of a session's data", () => {
  it("is nothing unless the app says so", () => {
    expect(readPublicData(undefined)).toBeNull();
  });

  it("is what the app picks", () => {
    expect(
      readPublicData<{ name: string; plan: string }>(({ plan }) => ({ plan }))?.({ name: "Ada", plan: "free" }),
    ).toEqual({
      plan: "free",
    });
  });

  it.each([
    [
      { id: "1", name: "Ada", email: "ada@example.com", picture: "https://x/y" },
      { name: "Ada", picture: "https://x/y" },
    ],
    [{ name: null, picture: 1 }, {}],
    [null, {}],
    ["Ada", {}],
  ])("is name and picture, where it is true: of %j", (data, known) => {
    expect(readPublicData<unknown>(true)?.(data)).toEqual(known);
  });

  it.each([false, "name", {}])("is not said by %j", (option) => {
    expect(() => readPublicData(option as never)).toThrow(expect.objectContaining({ option: "publicData" }));
  });
});
