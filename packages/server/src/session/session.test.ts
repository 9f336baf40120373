import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { contentWith, moment, tokensWith } from "../../test/content.ts";
import { givenProvider } from "../settings/provider-source.ts";
import { isId, viewOf } from "./session.ts";

const key = "0123456789".repeat(5);
const endless = defineProvider({
  name: "example",
  issuer: "https://id.example",
  authorizationEndpoint: "https://id.example/authorize",
  tokenEndpoint: "https://id.example/token",
});

describe("the view of a session", () => {
  it("is what a page may know: no token, and an id that opens nothing", () => {
    const content = contentWith({ data: { name: "Ada" } });
    const view = viewOf(content, key, givenProvider(spotify));
    expect(view).toEqual({
      id: "01234567",
      data: { name: "Ada" },
      owner: null,
      scope: ["user-read-private"],
      provider: null,
      clientId: "client-of-the-app",
      expiresAt: new Date(moment + 3_600_000),
      authorizedAt: new Date(moment),
      reauthDueAt: new Date(moment + 180 * 86_400_000),
      createdAt: new Date(moment),
    });
    for (const hidden of ["access", "refresh", content.id]) expect(JSON.stringify(view)).not.toContain(`"${hidden}"`);
  });

  it("says null where the provider names no end", () => {
    const view = viewOf(contentWith({ tokens: tokensWith({ expiresIn: null }) }), key, givenProvider(endless));
    expect([view.expiresAt, view.reauthDueAt]).toEqual([null, null]);
  });

  it("is shared by all who ask in a request, so nobody can change it", () => {
    expect(Object.isFrozen(viewOf(contentWith(), key, givenProvider(spotify)))).toBe(true);
  });
});

describe("the end of an authorization", () => {
  it("is counted from the consent, whatever was refreshed since", () => {
    const tokens = tokensWith({ createdAt: moment + 100 * 86_400_000 });
    const content = contentWith({ tokens });
    expect(viewOf(content, key, givenProvider(spotify)).reauthDueAt).toEqual(new Date(moment + 180 * 86_400_000));
    expect(viewOf(content, key, givenProvider(endless)).reauthDueAt).toBeNull();
    const unknown = contentWith({ tokens: { ...tokens, authorizedAt: null } });
    expect(viewOf(unknown, key, givenProvider(spotify)).reauthDueAt).toBeNull();
  });
});

describe("the id of a session", () => {
  it("has 43 characters of base64url: nothing else is looked up", () => {
    expect(isId(`${"A".repeat(41)}-_`)).toBe(true);
    for (const other of ["", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}.`, `${"A".repeat(43)}\n`, 1, null]) {
      expect(isId(other)).toBe(false);
    }
  });
});
