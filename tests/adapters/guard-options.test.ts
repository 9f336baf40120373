import { pixy as express } from "@pixy/express";
import { pixy as hono } from "@pixy/hono";
import { pixy as next } from "@pixy/next";
import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

const options: PixyOptions<unknown> = {
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

  const unsafe = { crossSite: true } as object;
  const list = ["user-read-private"] as unknown as string;
  const scopes = { scope: "a b" as unknown as string[] };

  it.each([
    ["express", "crossSite", () => express(options).requireLogin(unsafe)],
    ["hono", "crossSite", () => hono(options).requireLogin(unsafe)],
    ["next", "crossSite", () => next(options).route(() => new Response(), unsafe)],
    ["express", "scope", () => express(options).requireScope(list)],
    ["hono", "scope", () => hono(options).requireScope(list)],
    ["express", "scope", () => express(options).requireScope(...([] as unknown as [string]))],
    ["hono", "scope", () => hono(options).requireScope("a b")],
    ["next", "scope", () => next(options).route(() => new Response(), scopes)],
  ])("%s refuses a %s of another kind", (_name, option, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "invalid_option", option }));
  });
});
