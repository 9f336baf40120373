import { defineProvider, type ProfileRule, type Provider } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { tokensWith } from "../../test/content.ts";
import { recalledOf, settingsWith } from "../../test/settings.ts";
import { fetchProfile } from "./fetch-profile.ts";

const rule: ProfileRule = { url: "https://people.example/me", id: "id", name: "name", email: ["emails", 0, "email"] };

function providerWith(profile: ProfileRule | null): Provider {
  return defineProvider({
    name: "example",
    issuer: "https://id.example",
    authorizationEndpoint: "https://id.example/authorize",
    tokenEndpoint: "https://id.example/token",
    api: "https://api.example",
    headers: { api: { "User-Agent": "an app" } },
    profile: profile ?? undefined,
  });
}

/** Asks for a profile, answered as told; returns what was sent, too. */
function world(answer: (url: string) => Response, profile: ProfileRule | null = rule, wanted?: false) {
  const sent: Record<string, unknown>[] = [];
  const settings = settingsWith({
    provider: providerWith(profile),
    profile: wanted,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { url, method, headers } = request;
      sent.push({
        url,
        method,
        body: await request.text(),
        token: headers.get("authorization"),
        agent: headers.get("user-agent"),
      });
      return answer(url);
    },
  });
  const granted = { clientId: "client", tokens: tokensWith(), claims: null, posted: {} };
  return { sent, ask: () => fetchProfile(settings, recalledOf(settings), granted) };
}

describe("the profile of somebody who logs in", () => {
  it("is asked for with the new token and the provider's headers, at its own origin", async () => {
    const { sent, ask } = world(() => Response.json({ id: "ada", name: "Ada" }));
    expect(await ask()).toMatchObject({ id: "ada", name: "Ada", email: null });
    expect(sent).toEqual([
      { url: "https://people.example/me", method: "GET", body: "", token: "Bearer access", agent: "an app" },
    ]);
  });

  it("is asked for by POST with a body where the rule says so", async () => {
    const body = '{"query":"{ viewer { id } }"}';
    const viewer: ProfileRule = { url: rule.url, method: "POST", body, id: ["data", "viewer", "id"] };
    const { sent, ask } = world(() => Response.json({ data: { viewer: { id: "ada" } } }), viewer);
    expect(await ask()).toMatchObject({ id: "ada" });
    expect(sent).toMatchObject([{ method: "POST", body }]);
  });

  it("is completed by further answers, and does without one that fails", async () => {
    const more: ProfileRule = {
      ...rule,
      more: { emails: "https://people.example/emails", teams: "https://people.example/teams" },
    };
    const answers: Record<string, () => Response> = {
      "/me": () => Response.json({ id: "ada" }),
      "/emails": () => Response.json([{ email: "ada@example.com" }]),
      "/teams": () => new Response("<html>", { status: 500 }),
    };
    const { ask } = world((url) => answers[new URL(url).pathname]?.() ?? new Response(), more);
    expect(await ask()).toEqual({
      ...{ id: "ada", name: null, email: "ada@example.com", emailVerified: null, picture: null },
      raw: { id: "ada", emails: [{ email: "ada@example.com" }] },
    });
  });

  it.each<[string, () => Response]>([
    ["503", () => new Response("away", { status: 503 })],
    ["401", () => new Response(null, { status: 401 })],
    ["no JSON", () => new Response("<html>")],
    ["a list", () => Response.json([])],
    ["no id", () => Response.json({ name: "Ada" })],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } })],
    ["70 kB", () => Response.json({ id: "ada", more: "x".repeat(70_000) })],
    ["half a letter", () => new Response(new Uint8Array([0x7b, 0xc3]))],
  ])("is profile_unavailable for %s", async (_what, answer) => {
    const { sent, ask } = world(answer);
    await expect(ask()).rejects.toMatchObject({ code: "profile_unavailable", status: 503, cause: expect.any(Error) });
    expect(sent.map(({ url }) => url)).toEqual([rule.url]);
  });

  it("is a mistake where the provider has none, or the app wants none", async () => {
    for (const { sent, ask } of [world(() => new Response(), null), world(() => new Response(), rule, false)]) {
      await expect(ask()).rejects.toMatchObject({ name: "ConfigurationError", option: "provider.profile" });
      expect(sent).toEqual([]);
    }
  });
});
