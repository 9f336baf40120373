import { pixy as express } from "@pixy/express";
import { pixy as hono } from "@pixy/hono";
import { pixy as next } from "@pixy/next";
import { type PixyOptions, spotify } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

const options: PixyOptions<undefined> = {
  ...{ provider: spotify, clientId: "app", baseUrl: "https://app.example", secret, name: "guard-options" },
};
const wrong = { crossOrigin: "allow" } as object;

describe("the options of a guard", () => {
  it.each([
    ["express", () => express(options).requireLogin(wrong)],
    ["hono", () => hono(options).requireLogin(wrong)],
    ["next", () => next(options).route(() => new Response(), wrong)],
  ])("%s refuses one that there is not before the first request", (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "invalid_option", option: "crossOrigin" }));
  });
});
