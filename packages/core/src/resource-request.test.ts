import { describe, expect, it } from "vitest";
import { prepareRequest } from "./resource-request.ts";

const origins = new Set(["https://api.example"]);
const url = "https://api.example/a";

function prepare(input: string | URL | Request, init: RequestInit = {}) {
  return prepareRequest(input, init, "https://api.example/v1/", origins);
}

describe("prepareRequest", () => {
  it("resolves a relative URL, and starts at an allowed origin with GET", async () => {
    const { first, authorization } = await prepare("me?a=1");
    expect(first).toMatchObject({ method: "GET", body: "none", trusted: true, redirects: 0 });
    expect([first.url.href, authorization]).toEqual(["https://api.example/v1/me?a=1", null]);
  });

  it("takes the caller's Authorization out of what is sent, and tells it", async () => {
    for (const input of [url, new Request(url, { headers: { authorization: "Bearer t" } })]) {
      const init = typeof input === "string" ? { headers: { Authorization: "Bearer t" } } : {};
      const { first, authorization } = await prepare(input, init);
      expect([authorization, first.headers.has("Authorization")]).toEqual(["Bearer t", false]);
    }
  });

  it("lets what is said beside a Request win over it, a body of null too", async () => {
    const request = new Request(url, { method: "POST", body: "a", headers: { "x-app": "1" }, redirect: "error" });
    const { first, init } = await prepare(request, { method: "PUT", body: null, headers: {}, redirect: "manual" });
    expect([first.method, first.body, [...first.headers], init.redirect]).toEqual(["PUT", "none", [], "manual"]);
    expect(request.bodyUsed).toBe(false);
  });

  it("knows what can be sent twice: all but a stream, and a Request of at most 1 MiB", async () => {
    const kinds = [
      await prepare(url, { method: "POST", body: "a" }),
      await prepare(url, { method: "POST", body: new Blob(["a"]).stream() }),
      await prepare(new Request(url, { method: "POST", body: "a" })),
      await prepare(new Request(url, { method: "POST", body: "a".repeat(1_048_577) })),
    ];
    expect(kinds.map(({ first }) => first.body)).toEqual(["repeatable", "stream", "repeatable", "stream"]);
    expect(kinds.map(({ init }) => (init as { duplex?: string }).duplex)).toEqual([
      undefined,
      "half",
      undefined,
      "half",
    ]);
  });

  it("hands the signal on, and reads no body for a URL that gets no token", async () => {
    const { signal } = new AbortController();
    expect((await prepare(url, { signal })).init.signal).toBe(signal);
    const request = new Request("https://other.example", { method: "POST", body: "a" });
    await expect(prepare(request)).rejects.toMatchObject({ code: "origin_not_allowed" });
    expect(request.bodyUsed).toBe(false);
  });

  it("reads a body no longer than the caller waits", async () => {
    const controller = new AbortController();
    const init = { method: "POST", body: new ReadableStream(), duplex: "half" } as RequestInit;
    const preparing = prepare(new Request(url, init), { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(preparing).rejects.toBe(reason);
  });
});
