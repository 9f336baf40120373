import { expect, it } from "vitest";
import { authorizationUrl } from "../../test/fixture.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { loginFormAction } from "./login-page.ts";

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

it("is a form without scripts that posts back the same request", async () => {
  const server = createAuthorizationServer();
  const path = await authorizationUrl(verifier, { client_id: `<b>"it's"&</b>` });
  const page = await server.fetch(path);
  const html = await page.text();
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html).toContain('<html lang="en">');
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<b>");
  expect(html).toContain("<code>user-read-private</code>");
  const action = loginFormAction(html) ?? "";
  expect(new URL(action, "http://x").searchParams).toEqual(new URL(path, "http://x").searchParams);
  const body = new URLSearchParams({ person: "grace" });
  const answer = await server.fetch(action, { method: "POST", body, redirect: "manual" });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:3001\/auth\/callback\?code=code-.*&state=/);
  expect(loginFormAction("<p>another page</p>")).toBeNull();
});

it("is shown again when the answer is none of the three", async () => {
  const server = createAuthorizationServer();
  const body = new URLSearchParams({ person: "eve" });
  const answer = await server.fetch(await authorizationUrl(verifier), { method: "POST", body });
  expect(answer.status).toBe(200);
});

it("is skipped with autoApprove, but not when show_dialog asks for it", async () => {
  const server = createAuthorizationServer({ autoApprove: "ada" });
  const skipped = await server.fetch(await authorizationUrl(verifier), { redirect: "manual" });
  expect(skipped.status).toBe(303);
  expect((await server.fetch(await authorizationUrl(verifier, { show_dialog: "true" }))).status).toBe(200);
  server.configure({ autoApprove: null });
  expect((await server.fetch(await authorizationUrl(verifier))).status).toBe(200);
});

it("stands for GET and POST only", async () => {
  const server = createAuthorizationServer();
  expect((await server.fetch(await authorizationUrl(verifier), { method: "PUT" })).status).toBe(405);
});
