import type { Profile } from "@pixy/server";
import { beforeAll, describe, expect, it } from "vitest";
import { createKey, type Key } from "../../packages/openid/test/issuer.ts";
import { baseUrl, createOpenIdApp } from "./app.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

const endpoint = "https://tenant.example/par";
const required = { pushed_authorization_request_endpoint: endpoint, require_pushed_authorization_requests: true };

async function begin(answer: () => Response, metadata: object = required, pushedLogin?: boolean) {
  const bodies: URLSearchParams[] = [];
  const { auth, events } = createOpenIdApp<Profile | null>(key, {
    metadata,
    openid: pushedLogin === undefined ? {} : { pushedLogin },
    onPush(form) {
      bodies.push(form);
      return answer();
    },
  });
  const response = await auth.handle(new Request(`${baseUrl}/auth/login`));
  const location = response.headers.get("location");
  return { response, bodies, events, url: location === null ? null : new URL(location) };
}

const created =
  (request_uri: unknown = "urn:1", status = 201) =>
  () =>
    Response.json({ request_uri, expires_in: 60 }, { status });

describe("a pushed login", () => {
  it("is sent to the provider whole, where its metadata want it; the browser carries a reference", async () => {
    const { response, url, bodies } = await begin(created());
    expect(response.status).toBe(302);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      client_id: "client-of-the-app",
      request_uri: "urn:1",
    });
    expect(Object.fromEntries(bodies[0] ?? [])).toEqual({
      ...{ client_id: "client-of-the-app", response_type: "code", redirect_uri: `${baseUrl}/auth/callback` },
      ...{ scope: "openid profile email", code_challenge_method: "S256" },
      ...{ state: expect.any(String), nonce: expect.any(String), code_challenge: expect.any(String) },
    });
  });

  it("is one where the app wants it, and else not", async () => {
    const known = { pushed_authorization_request_endpoint: endpoint };
    expect((await begin(created(), known, true)).url?.searchParams.has("request_uri")).toBe(true);
    expect((await begin(created(), known)).url?.searchParams.has("request_uri")).toBe(false);
    expect((await begin(created(), {}, true)).response.status).toBe(503);
  });

  it.each<[string, () => Response, string]>([
    ["a refusal", () => Response.json({ error: "invalid_request" }, { status: 400 }), "provider_misconfigured"],
    ["200", created("urn:1", 200), "provider_misconfigured"],
    ["no reference", created(7), "provider_misconfigured"],
    ["a long reference", created("u".repeat(2_049)), "provider_misconfigured"],
    ["no JSON", () => new Response("<html>", { status: 201 }), "provider_misconfigured"],
    ["503", () => new Response(null, { status: 503 }), "provider_unavailable"],
    ["429", () => new Response(null, { status: 429 }), "provider_unavailable"],
    [
      "nothing",
      () => {
        throw new TypeError("fetch failed");
      },
      "provider_unavailable",
    ],
  ])("that is answered with %s begins no login", async (_what, answer, code) => {
    const { response, events } = await begin(answer);
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
    expect(events.at(-1)).toMatchObject({
      type: "login.failed",
      code,
      error: { cause: { name: "TokenRequestError" } },
    });
  });

  // A person who comes back before is refused again: the page says when, as it does for a code.
  it.each([429, 503, 400])("that is answered with %i and Retry-After names the time", async (status) => {
    const { response } = await begin(() => new Response(null, { status, headers: { "Retry-After": "120" } }));
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "120"]);
  });
});
