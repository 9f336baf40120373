import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import { type AdapterProfile, createAuthorizationServer, withSession } from "@pixy/testing";
import express from "express";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createExpressApp } from "../adapters/express-app.ts";
import { createHonoApp } from "../adapters/hono-app.ts";
import { secret } from "../lib/web-app.ts";

function app(): { readonly options: PixyOptions<AdapterProfile> } {
  const provider = createAuthorizationServer({ issuer: spotify.issuer });
  const options: PixyOptions<AdapterProfile> = {
    ...{ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret, name: "with-session" },
    ...{ fetch: provider.fetch, onLogin: () => ({ name: "somebody" }) },
  };
  return { options };
}

describe("a session for a test", () => {
  it("is taken by supertest, for Express", async () => {
    const { options } = app();
    const { headers } = await withSession(options, { data: { name: "Ada" } });
    const server = createExpressApp(express, [options]);
    await request(server).get("/").set(headers).expect(200, { name: "Ada" });
    await request(server).get("/").expect(200, { name: null });
    await request(server).get("/me").expect(401);
  });

  it("is taken by app.request(), for Hono", async () => {
    const { options } = app();
    const { headers, cookies } = await withSession(options, { data: { name: "Grace" } });
    const server = createHonoApp([options]);
    expect(await (await server.request("/", { headers })).json()).toEqual({ name: "Grace" });
    expect(await (await server.request("/")).json()).toEqual({ name: null });
    expect(cookies.map(({ name }) => name)).toEqual(["__Host-with-session"]);
  });
});
