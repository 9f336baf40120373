import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import { createSessionCount } from "./session-count.ts";

describe("the count of sessions made", () => {
  it("is one for each app of a process, however often its module is loaded", () => {
    const [one, again, other] = ["count-a", "count-a", "count-b"].map((name) =>
      createSessionCount(settingsWith({ name })),
    );
    one?.add();
    again?.add();
    expect([one, again, other].map((count) => count?.made())).toEqual([2, 2, 0]);
  });
});
