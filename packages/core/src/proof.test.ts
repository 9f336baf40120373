import { describe, expect, it, vi } from "vitest";
import { sendProven } from "./proof.ts";

const request = { method: "GET", url: "https://api.example/me" };

describe("sendProven", () => {
  it("sends without headers where nothing is proved", async () => {
    const send = vi.fn(async () => new Response(null, { status: 401 }));
    await sendProven(undefined, request, "token", send);
    expect(send.mock.calls).toEqual([[{}]]);
  });

  it.each([200, 403, 429, 500])("does not ask again after %i", async (status) => {
    const prove = vi.fn(() => ({ dpop: "proof" }));
    const send = vi.fn(async () => new Response(null, { status }));
    expect((await sendProven(prove, request, "token", send)).status).toBe(status);
    expect([prove.mock.calls, send.mock.calls]).toEqual([
      [[request, { accessToken: "token", answer: null }]],
      [[{ dpop: "proof" }]],
    ]);
  });

  it.each([true, false])("asks again after a 401 where the body can be sent again: %s", async (mayRepeat) => {
    const prove = vi.fn(() => ({ dpop: "proof" }));
    const send = vi.fn(async () => new Response(null, { status: 401 }));
    await sendProven(prove, request, "token", send, mayRepeat);
    expect(send).toHaveBeenCalledTimes(mayRepeat ? 2 : 1);
    // Whoever proves hears of the answer all the same: its nonce is for the next stream, which could not be sent again either.
    expect(prove).toHaveBeenCalledTimes(2);
  });
});
