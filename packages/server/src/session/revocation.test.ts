import { defineProvider } from "@pixy/core";
import { storeKey } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { contentWith, tokensWith } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import { revokeQuietly } from "./revocation.ts";
import { createSessionSeal } from "./session-seal.ts";

const endpoints = {
  name: "example",
  issuer: "https://id.example",
  authorizationEndpoint: "https://id.example/authorize",
  tokenEndpoint: "https://id.example/token",
};

async function world(answer: () => Response, revocationEndpoint?: string) {
  const sent: string[] = [];
  const events: PixyEvent[] = [];
  const kept: Promise<unknown>[] = [];
  const settings = settingsWith({
    provider: defineProvider({ ...endpoints, revocationEndpoint }),
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(`${request.url} ${await request.text()}`);
      return answer();
    },
  });
  const seal = createSessionSeal(settings, {
    ...{ purpose: "session", bindsKey: false, expiresAt: ({ createdAt }) => createdAt + settings.absolute },
  });
  return {
    sent,
    events,
    kept,
    async revoke(refreshToken: string | null) {
      const content = contentWith({
        issuer: endpoints.issuer,
        clientId: "own-client",
        tokens: tokensWith({ refreshToken }),
      });
      const { session } = await seal.seal(content, await storeKey(content.id));
      revokeQuietly(settings, session, (promise) => void kept.push(promise));
      await Promise.all(kept);
    },
  };
}

describe("the revocation of a session that has ended", () => {
  const endpoint = "https://id.example/revoke";

  it("asks for the refresh token in the name of the login's client, and outlives the request", async () => {
    const { sent, events, kept, revoke } = await world(() => new Response(), endpoint);
    await revoke("refresh");
    expect(sent).toEqual([`${endpoint} client_id=own-client&token=refresh&token_type_hint=refresh_token`]);
    expect([events, kept.length]).toEqual([[], 1]);
  });

  it("asks for the access token where there is no other", async () => {
    const { sent, revoke } = await world(() => new Response(), endpoint);
    await revoke(null);
    expect(sent).toEqual([`${endpoint} client_id=own-client&token=access&token_type_hint=access_token`]);
  });

  it("asks nobody where the provider has no endpoint for it", async () => {
    const { sent, kept, revoke } = await world(() => new Response());
    await revoke("refresh");
    expect([sent, kept]).toEqual([[], []]);
  });

  it("tells of a failure and throws none: the session is gone on our side all the same", async () => {
    const { events, revoke } = await world(() => new Response(null, { status: 500 }), endpoint);
    await revoke("refresh");
    expect(events).toEqual([expect.objectContaining({ type: "revocation.failed", error: expect.any(Error) })]);
    expect(JSON.stringify(events)).not.toContain('"refresh"');
  });
});
