import { describe, expect, it } from "vitest";
import { incoming } from "../../test/settings.ts";
import { answerAhead } from "./answer-ahead.ts";

describe("the answer to who asks ahead", () => {
  it("is nothing", () => {
    const answer = answerAhead(incoming("/auth/login", { purpose: "prefetch" }));
    expect([answer.status, answer.body]).toEqual([204, null]);
  });

  it("is a text to Next's router, which takes an answer without a body for a fault", async () => {
    const answer = answerAhead(incoming("/auth/login", { rsc: "1" }));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    expect([answer.body === null, await answer.text()]).toEqual([false, ""]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });
});
