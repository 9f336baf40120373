import { describe, expect, it } from "vitest";
import { redirectUri } from "../../test/fixture.ts";
import { type AuthorizationServer, createAuthorizationServer } from "../provider/authorization-server.ts";
import { createClock } from "../state/clock.ts";
import { challengeOf, randomToken } from "../state/random.ts";
import type { Cited, CitedAnswer, CitedRequest, Source } from "./cited/cited.ts";
import { cited } from "./cited/index.ts";
import { type FamilyName, families } from "./families.ts";

type Values = Readonly<Record<string, string>>;

/** Puts the test's values into a request: `{code}`, `{refresh_token}`, … */
function fill<Part>(part: Part, values: Values): Part {
  const text = JSON.stringify(part ?? null).replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return JSON.parse(text) as Part;
}

async function valuesFor(server: AuthorizationServer, { login }: Cited): Promise<Values> {
  const verifier = randomToken("");
  const query = fill(login.query, { challenge: await challengeOf(verifier) });
  const url = `${login.path}?${new URLSearchParams({ ...query, response_type: "code", redirect_uri: redirectUri })}`;
  const codeOf = async () => new URL(await server.authorize(url, { person: "ada" })).searchParams.get("code") ?? "";
  const scope = (query.scope ?? query.user_scope ?? "").split(/[ ,]/).filter(Boolean);
  const issue = () => server.issueTokens({ clientId: "app", person: "ada", scope });
  const { accessToken, refreshToken } = issue();
  return {
    ...{ code: await codeOf(), verifier, redirect_uri: redirectUri },
    ...{ access_token: accessToken, refresh_token: refreshToken ?? "", dead: "a-refresh-token-that-is-none" },
  };
}

function send(server: AuthorizationServer, request: CitedRequest): Promise<Response> {
  const headers = new Headers(request.headers);
  if (request.basic) headers.set("authorization", `Basic ${btoa("app:secret")}`);
  const { form, json, method = "POST" } = request;
  if (json !== undefined) headers.set("content-type", "application/json");
  const body = form === undefined ? (json === undefined ? null : JSON.stringify(json)) : new URLSearchParams(form);
  return server.fetch(request.path, { method, headers, body });
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

/** `<text>` and `<number>` stand for any. */
function expected(body: unknown): unknown {
  if (body === "<text>") return expect.stringMatching(/./);
  if (body === "<2600 characters>") return expect.stringMatching(/^.{2600}$/);
  if (body === "<number>") return expect.any(Number);
  if (Array.isArray(body)) return body.map(expected);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, expected(value)]));
}

async function expectAnswer(response: Response, answer: CitedAnswer, values: Values): Promise<void> {
  const body = await bodyOf(response);
  expect([response.status, body]).toEqual([answer.status, expected(fill(answer.body, values))]);
  if (answer.type !== "") expect(response.headers.get("content-type")).toContain(answer.type ?? "application/json");
}

const dayOf = (source: Source): string => ("url" in source ? `read ${source.read}` : "unverified");

describe.each(Object.entries(cited) as [FamilyName, Cited][])("as %s", (name, page) => {
  for (const { what, source, request, answer } of page.exchanges) {
    it(`answers ${what} as cited (${dayOf(source)})`, async () => {
      const server = createAuthorizationServer({ as: name, clock: createClock() });
      const values = await valuesFor(server, page);
      await expectAnswer(await send(server, fill(request, values)), answer, values);
    });
  }

  it("says where each answer was read", () => {
    for (const source of [page.login.source, ...page.exchanges.map((exchange) => exchange.source)]) {
      if ("url" in source) {
        expect(source.url).toMatch(/^https:\/\/[^ ]+$/);
        expect(source.read).toMatch(/^2026-1[12]-\d\d$/);
      } else expect(source.unverified).toMatch(/.{10,}\.$/);
    }
  });
});

describe("every family", () => {
  it.each(Object.entries(families))("%s issues a code, and refuses a code that is none", async (name, family) => {
    const server = createAuthorizationServer({ as: name as FamilyName });
    expect(server.settings.issuer).toBe(family.issuer);
    const answer = await send(server, {
      path: family.paths.token,
      headers: { "user-agent": "web:engines:1.0" },
      form: { grant_type: "authorization_code", code: "none", redirect_uri: redirectUri, client_id: "app" },
    });
    expect(await answer.text()).not.toContain("access_token");
  });

  it("keycloak states its clock in each answer, and 0 where an offline session has none", async () => {
    const server = createAuthorizationServer({ as: "keycloak", clock: createClock() });
    const lives = async (scope: readonly string[]) => {
      const { refreshToken } = server.issueTokens({ clientId: "app", person: "ada", scope });
      const form = { grant_type: "refresh_token", refresh_token: refreshToken ?? "", client_id: "app" };
      const answer = await send(server, { path: families.keycloak.paths.token, form });
      return ((await answer.json()) as { refresh_expires_in: number }).refresh_expires_in;
    };
    expect([await lives(["openid"]), await lives(["openid", "offline_access"])]).toEqual([1800, 0]);
  });

  it.each(["auth0", "okta", "keycloak", "cognito", "zitadel", "kinde", "logto"] as const)(
    "%s publishes what OpenID Connect wants at its issuer",
    async (name) => {
      const server = createAuthorizationServer({ as: name });
      const { issuer, paths } = families[name];
      const answer = await server.fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
      expect(await answer.json()).toMatchObject({ issuer, token_endpoint: new URL(paths.token, issuer).href });
    },
  );

  it("refuses a name that it does not know", () => {
    expect(() => createAuthorizationServer({ as: "myspace" as FamilyName })).toThrow(
      /as is one of atlassian, .*, zoom/,
    );
  });
});
