import { expect, it } from "vitest";
import { createAuthorizationServer } from "../provider/authorization-server.ts";

it("tells whoever opens the server's address what it is and what it answers", async () => {
  const server = createAuthorizationServer({ expiresIn: 60, paths: { revoke: "/revoke<x>" } });
  const answer = await server.fetch("https://accounts.spotify.com/");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
  const html = await answer.text();
  for (const path of ["/authorize", "/api/token", "/revoke&lt;x&gt;", "/v1/me"]) {
    expect(html).toContain(`<code>${path}</code>`);
  }
  expect(html).toContain("Ada Lovelace and Grace Hopper. An access token lasts 60 seconds.");
  expect(server.violations).toEqual([]);
});

it("leaves the address to an API that lives there", async () => {
  const server = createAuthorizationServer({ resources: { "/": { body: () => ({ ok: true }) } } });
  expect((await server.fetch("https://accounts.spotify.com/")).headers.get("content-type")).not.toMatch(/html/);
});
