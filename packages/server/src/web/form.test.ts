import { describe, expect, it } from "vitest";
import { formOf, longestForm } from "./form.ts";
import { fromRequest, type IncomingRequest } from "./incoming-request.ts";

const posted = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  fromRequest(new Request("https://app.example/", { method: "POST", body, headers }));
const form = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" };
const unusable = (status: number) => expect.objectContaining({ code: "form_unusable", status });

describe("the form of a request", () => {
  it("is what was posted, or nothing", async () => {
    expect(String(await formOf(posted(new URLSearchParams({ a: "1", b: "2 3" }))))).toBe("a=1&b=2+3");
    expect(String(await formOf(posted(null, form)))).toBe("");
  });

  it("has its type", async () => {
    for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]) {
      await expect(formOf(posted("a=1", { "content-type": type }))).rejects.toEqual(unusable(415));
    }
  });

  it("is not longer than 16 kB, whatever it says of itself", async () => {
    const long = "a".repeat(longestForm);
    expect((await formOf(posted(long, form))).has(long)).toBe(true);
    await expect(formOf(posted(`${long}a`, form))).rejects.toEqual(unusable(413));
    let isAsked = false;
    const header = (name: string) => (name === "content-length" ? "16385" : form["content-type"]);
    const asked: IncomingRequest = {
      ...{ method: "POST", url: "/", header },
      form: async () => {
        isAsked = true;
        return null;
      },
    };
    await expect(formOf(asked)).rejects.toEqual(unusable(413));
    expect(isAsked).toBe(false);
  });

  it("is read once, and by nobody else", async () => {
    const request = new Request("https://app.example/", { method: "POST", body: "a=1", headers: form });
    await request.text();
    await expect(formOf(fromRequest(request))).rejects.toEqual(unusable(413));
  });

  it("is refused where the adapter cannot read it", async () => {
    const header = () => form["content-type"];
    const request: IncomingRequest = {
      method: "POST",
      url: "/",
      header: (name) => (name === "content-type" ? header() : null),
    };
    await expect(formOf(request)).rejects.toEqual(unusable(415));
  });
});
