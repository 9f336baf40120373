import { describe, expect, it } from "vitest";
import { readAnswer } from "./token-answer.ts";

const json = { status: 400, body: "json" };

function answer(body: string | null, type = "application/json", status = 400): Response {
  return new Response(body, { status, headers: { "Content-Type": type } });
}

describe("readAnswer", () => {
  it.each([
    ['{"error":"x"}', "application/json", { ...json, members: { error: "x" } }],
    ['{"error":"x"}', "text/html", { ...json, members: { error: "x" } }],
    ['{"error":"x"}', "application/x-www-form-urlencoded", { ...json, members: { error: "x" } }],
    ['["x"]', "application/json", { ...json, members: {} }],
    ["null", "application/json", { ...json, members: {} }],
    ['\ufeff{"error":"x"}', "application/json", { ...json, members: { error: "x" } }],
    ["\ufeffnull", "application/json", { ...json, members: {} }],
    ['\ufeff{"access_token":"x"}', "application/json", { body: "other", members: {} }],
    ["\ufeff<html>", "text/html", { body: "other", members: {} }],
    ["error=x&a=b", "application/x-www-form-urlencoded", { body: "form", members: { error: "x", a: "b" } }],
    ["error=x&a=b", "text/plain", { body: "other", members: {} }],
    ["a=b", "application/x-www-form-urlencoded", { body: "other", members: {} }],
    ["<html>", "application/json", { body: "other", members: {} }],
    ["", "application/json", { body: "empty", members: {} }],
    ["\n", "text/html", { body: "empty", members: {} }],
    [null, "", { body: "empty", members: {} }],
  ])("reads %j, called %j", async (body, type, expected) => {
    expect(await readAnswer(answer(body, type), "refresh")).toMatchObject({ request: "refresh", ...expected });
  });

  it("reads an error whose description is no UTF-8", async () => {
    const description = Buffer.from('{"error":"invalid_grant","error_description":"r\u00e9voqu\u00e9"}', "latin1");
    const read = await readAnswer(new Response(description, { status: 400 }), "refresh");
    expect(read).toMatchObject({ body: "json", members: { error: "invalid_grant" } });
  });

  it("A34 reads 64 KiB and not more", async () => {
    const body = '{"error":"x"}';
    expect((await readAnswer(answer(body.padEnd(65_536)), "code")).members).toEqual({ error: "x" });
    expect(await readAnswer(answer(body.padEnd(65_537)), "code")).toMatchObject({ body: "other", members: {} });
  });

  // A body that nobody reads keeps its connection for ever.
  it.each([301, 408, 425, 429, 500, 503])("gives the connection of a %i back, unread", async (status) => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    const read = await readAnswer(new Response(body, { status }), "refresh");
    expect([isCancelled, read]).toEqual([true, { request: "refresh", status, body: "other", members: {} }]);
  });
});
