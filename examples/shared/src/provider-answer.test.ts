import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { failureAnswer, readProviderAnswer } from "./provider-answer.ts";

describe("readProviderAnswer", () => {
  it("hands on what the API answered", async () => {
    expect(await readProviderAnswer(Response.json({ id: "ada" }))).toEqual({
      status: 200,
      body: { id: "ada" },
      headers: {},
    });
  });

  it("keeps the wait of a 429", async () => {
    const answer = await readProviderAnswer(
      new Response("slow down", { status: 429, headers: { "retry-after": "7" } }),
    );
    expect(answer).toMatchObject({ status: 429, headers: { "retry-after": "7" }, body: { code: "api_failed" } });
  });

  it.each([
    ["an error", new Response("<h1>500</h1>", { status: 500 })],
    ["no JSON", new Response("<h1>Maintenance</h1>")],
  ])("says 502 for %s", async (_what, response) => {
    expect(await readProviderAnswer(response)).toMatchObject({ status: 502, body: { code: "api_failed" } });
  });
});

describe("failureAnswer", () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.spyOn(console, "error").mockImplementation((text) => void printed.push(String(text)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("prints what went wrong, without the escapes of an API that answers nonsense", async () => {
    const error = await new Response("\u001b[2J\u202e").json().catch((reason: unknown) => reason);
    expect(failureAnswer(error).status).toBe(500);
    expect(printed.join()).toMatch(/^SyntaxError: .*\?/);
    expect(printed.join().replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it("tells an API that cannot be reached from a bad request and from a fault of its own", () => {
    expect(failureAnswer(new TypeError("fetch failed")).status).toBe(502);
    // workerd's, seen under load: an idle connection that the other side closed at that moment.
    expect(failureAnswer(new Error("Network connection lost.")).status).toBe(502);
    // A stranger's request, which leaves nothing in the log: Express's form of it, and Fastify's.
    printed.length = 0;
    expect(failureAnswer(Object.assign(new URIError("bad escape"), { status: 400 })).status).toBe(400);
    expect(failureAnswer(Object.assign(new Error("media type"), { statusCode: 415 })).status).toBe(415);
    expect(printed).toEqual([]);
    expect(failureAnswer(new Error("secret detail")).body).toMatchObject({ code: "internal_error" });
    expect(JSON.stringify(failureAnswer(new Error("secret detail")))).not.toContain("secret detail");
  });
});

// Found under load: in Next's route handlers every failure of the API left the request without an answer.
it("does not wait for the other half of a stream that was split", async () => {
  const original = Response.json({ error: "down" }, { status: 503 });
  const split = original.clone();
  expect((await readProviderAnswer(split)).status).toBe(502);
  expect(await original.json()).toEqual({ error: "down" });
});
