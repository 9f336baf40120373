import { expect, it } from "vitest";
import { callApi, obtainTokens } from "../../test/fixture.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";

it("wants the playlists' scope, in Spotify's words", async () => {
  const server = createAuthorizationServer();
  const { access_token } = await obtainTokens(server);
  const answer = await callApi(server.fetch, access_token, "/v1/me/playlists");
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({ error: { status: 403, message: "Insufficient client scope" } });
  expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
});

it("refuses no token and a token of nobody", async () => {
  const server = createAuthorizationServer();
  const without = await server.fetch("/v1/me");
  expect(without.status).toBe(401);
  expect(without.headers.get("www-authenticate")).toBe('Bearer realm="spotify"');
  const unknown = await callApi(server.fetch, "access-of-nobody");
  expect(await unknown.json()).toEqual({ error: { status: 401, message: "Invalid access token" } });
  expect((await callApi(server.fetch, "x", "/v1/nothing")).status).toBe(404);
});

it("has other resources and paths where they are given", async () => {
  const server = createAuthorizationServer({
    paths: { token: "/oauth/token", authorize: "/oauth/authorize" },
    resources: { "/user": { body: ({ id }) => ({ login: id }) } },
  });
  expect((await server.fetch("/user")).status).toBe(401);
  expect((await server.fetch("/v1/me")).status).toBe(404);
  expect((await server.fetch("/oauth/token")).status).toBe(405);
  expect((await server.fetch("/oauth/authorize")).status).toBe(400);
  expect(server.requests.map(({ kind }) => kind)).toEqual(["api", "api", "token", "authorize"]);
});
