import { beforeAll, describe, expect, it } from "vitest";
import { createKey, type Key, type Payload } from "../../packages/openid/test/issuer.ts";
import { baseUrl, createOpenIdApp } from "./app.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

const at = (path: string) => `${baseUrl}${path}`;

interface Person {
  readonly sub: string;
  readonly email: string | null;
}

function start() {
  const seen: unknown[] = [];
  const app = createOpenIdApp<Person>(key, {
    options: {
      onLogin({ claims, refuse }) {
        seen.push(claims);
        if (claims === null) return refuse("nobody");
        return { sub: String(claims.sub), email: typeof claims.email === "string" ? claims.email : null };
      },
    },
  });
  return { ...app, seen };
}

describe("a login with OpenID Connect", () => {
  it("carries a nonce, and onLogin sees who it is, as the ID token says that was checked", async () => {
    const { browser, said, seen, world, sent } = start();
    said.claims = { sub: "ada", email: "ada@tenant.example" };
    const person = browser();
    const page = await person.login(at("/"), { person: "ada" });
    expect(page.json()).toBeNull();
    await person.login(at("/auth/login?returnTo=/"), { person: "ada" });
    expect(person.page?.json()).toMatchObject({ data: { sub: "ada", email: "ada@tenant.example" } });
    expect(seen).toEqual([world.claims({ nonce: said.nonce, ...said.claims })]);
    expect(said.nonce).toMatch(/^[\w-]{43}$/);
    expect(sent).toEqual(["/.well-known/openid-configuration", "/keys", "/api/token"]);
  });

  it.each<[string, Payload | null]>([
    ["id_token_nonce", { nonce: "of another login" }],
    ["id_token_audience", { aud: "another-client" }],
    ["id_token_expired", { exp: 1 }],
    ["id_token_missing", null],
  ])("is refused with %s, and nobody is logged in", async (code, claims) => {
    const { browser, said, seen, events } = start();
    said.claims = claims;
    const person = browser();
    expect((await person.login(at("/auth/login?returnTo=/"), { person: "ada" })).status).toBe(400);
    expect(events.at(-1)).toMatchObject({
      ...{ type: "login.failed", code: "login_refused" },
      error: { cause: { code: "tokens_rejected", cause: { name: "IdTokenError", code } } },
    });
    expect((await person.navigate(at("/"))).json()).toBeNull();
    expect(seen).toEqual([]);
  });

  it("does not begin while the provider's keys are not to be had", async () => {
    const { browser, world, clock } = start();
    world.published.isAway = true;
    const page = await browser().navigate(at("/auth/login"), { follow: false });
    expect([page.status, page.headers.get("location")]).toEqual([503, null]);
    world.published.isAway = false;
    clock.advance(10_000);
    expect((await browser().navigate(at("/auth/login"), { follow: false })).status).toBe(302);
  });
});

describe("a refresh with an ID token", () => {
  it("of the same person goes on; of another one ends the session", async () => {
    const { browser, said, clock, events } = start();
    said.claims = { sub: "ada" };
    const person = browser();
    await person.login(at("/auth/login?returnTo=/"), { person: "ada" });
    const me = () => person.call(at("/me"));
    for (const claims of [{ sub: "ada", nonce: undefined }, null]) {
      clock.advance(3_600_000);
      said.claims = claims;
      expect((await me()).status).toBe(200);
    }
    clock.advance(3_600_000);
    said.claims = { sub: "grace" };
    expect((await me()).status).toBe(401);
    expect(events.at(-1)).toMatchObject({
      ...{ type: "session.ended", reason: "refused" },
      error: { code: "tokens_rejected", cause: { cause: { code: "id_token_subject" } } },
    });
    expect((await person.navigate(at("/"))).json()).toBeNull();
  });
});
