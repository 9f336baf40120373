import { describe, expect, it } from "vitest";
import { json } from "../test/provider-server.ts";
import { expired, initial, renewalStage } from "../test/renewal-stage.ts";
import {
  clientCredentialsAuthenticator,
  createTokens,
  pkceAuthenticator,
  type RenewalOptions,
  refreshAhead,
  secretPost,
  staticAuthenticator,
  type Tokens,
} from "./index.ts";

describe("pkceAuthenticator", () => {
  it("refuses an option that there is not", () =>
    renewalStage(async ({ client }) => {
      expect(() => pkceAuthenticator(client, initial, { onRefreshed: () => {} } as RenewalOptions)).toThrow(
        expect.objectContaining({ code: "invalid_option", option: "onRefreshed" }),
      );
    }));

  it("hands out a valid token without a request, and refreshes ahead of its expiry", () =>
    renewalStage(async (s) => {
      s.now = expired - 120_001;
      expect((await s.authenticator.tokens()).accessToken).toBe("first");
      expect(s.sent()).toBe(0);
      s.now = expired - 120_000;
      expect((await s.authenticator.tokens()).accessToken).toBe("a1");
      expect((await s.authenticator.tokens()).accessToken).toBe("a1");
      expect(s.sent()).toBe(1);
    }));

  it("refreshes once for 1,000 concurrent callers", () =>
    renewalStage(async (s) => {
      const all = await Promise.all(Array.from({ length: 1000 }, () => s.authenticator.tokens()));
      expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(["a1"]));
      expect(s.sent()).toBe(1);
    }));

  it("awaits onRefresh before anybody gets the new token", () =>
    renewalStage(async (s) => {
      const order: string[] = [];
      const authenticator = s.another({
        onRefresh: async (tokens, previous) => {
          order.push(`saving ${tokens.accessToken} after ${previous.accessToken}`);
          await new Promise((resolve) => setImmediate(resolve));
          order.push("saved");
        },
      });
      await authenticator.tokens().then(() => order.push("used"));
      expect(order).toEqual(["saving a1 after first", "saved", "used"]);
    }));

  it("saves the same tokens again after onRefresh failed, instead of refreshing with a used token", () =>
    renewalStage(async (s) => {
      const seen: string[] = [];
      const authenticator = s.another({
        onRefresh: (tokens) => {
          seen.push(tokens.accessToken);
          if (seen.length === 1) throw new Error("The disk is full.");
        },
      });
      await expect(authenticator.tokens()).rejects.toThrow("The disk is full.");
      expect((await authenticator.tokens()).accessToken).toBe("a1");
      expect(seen).toEqual(["a1", "a1"]);
      expect(s.sent()).toBe(1);
    }));

  it("uses each new refresh token in turn", () =>
    renewalStage(async (s) => {
      for (let turn = 1; turn <= 3; turn++) {
        s.now += expired;
        expect((await s.authenticator.tokens()).refreshToken).toBe(`r${turn}`);
      }
      expect(s.server.seen.map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual([
        "r0",
        "r1",
        "r2",
      ]);
    }));

  it("never hands out a rejected token again, and ignores the rejection of an older one", () =>
    renewalStage(async (s) => {
      s.now = 0;
      s.answers.push(json({}, 503), json({}, 503));
      await expect(s.authenticator.tokens({ rejected: "first" })).rejects.toMatchObject({ outcome: "unavailable" });
      s.now += 1_000;
      await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unavailable" });
      s.now += 2_000;
      expect((await s.authenticator.tokens()).accessToken).toBe("a3");
      expect((await s.authenticator.tokens({ rejected: "first" })).accessToken).toBe("a3");
      expect(s.sent()).toBe(3);
    }));

  it("does not hand out a rejected token that the provider issues once more", () =>
    renewalStage(async (s) => {
      s.now = 0;
      s.answers.push(json({ access_token: "first" }));
      await expect(s.authenticator.tokens({ rejected: "first" })).rejects.toMatchObject({ code: "reauth_required" });
    }));

  it("uses the still valid token while the provider is away", () =>
    renewalStage(async (s) => {
      s.now = expired - 60_000;
      s.answers.push(json({}, 503), json({ error: "invalid_grant" }, 400));
      expect((await s.authenticator.tokens()).accessToken).toBe("first");
      expect((await s.authenticator.tokens()).accessToken).toBe("first");
      s.now = expired;
      await expect(s.authenticator.tokens()).rejects.toMatchObject({ code: "reauth_required" });
      expect(s.sent()).toBe(2);
    }));

  it("hands out no rejected token after somebody rejected an older one", () =>
    renewalStage(async (s) => {
      s.now = 0;
      s.answers.push(json({}, 503), json({}, 503));
      await expect(s.authenticator.tokens({ rejected: "first" })).rejects.toMatchObject({ outcome: "unavailable" });
      await expect(s.authenticator.tokens({ rejected: "older" })).rejects.toMatchObject({ outcome: "unavailable" });
    }));

  it("hands out no token that was rejected while the provider failed to renew it", () =>
    renewalStage(async (s) => {
      s.now = expired - 60_000;
      s.answers.push(json({}, 503));
      const ahead = s.authenticator.tokens();
      const rejecting = s.authenticator.tokens({ rejected: "first" });
      await expect(rejecting).rejects.toMatchObject({ outcome: "unavailable" });
      await expect(ahead).rejects.toMatchObject({ outcome: "unavailable" });
    }));

  it("tells that tokens could not be saved, also while the old ones are valid", () =>
    renewalStage(async (s) => {
      s.now = expired - 60_000;
      const onRefresh = (): void => {
        throw new Error("The disk is full.");
      };
      await expect(s.another({ onRefresh }).tokens()).rejects.toThrow("The disk is full.");
    }));

  it("A21 does not renew a token of unknown expiry until it is refused", () =>
    renewalStage(async (s) => {
      const authenticator = s.another({}, createTokens({ ...initial, expiresIn: null }));
      s.now = Number.MAX_SAFE_INTEGER;
      expect((await authenticator.tokens()).accessToken).toBe("first");
      expect((await authenticator.tokens({ rejected: "first" })).accessToken).toBe("a1");
    }));

  it("lets one caller stop waiting without stopping the others", () =>
    renewalStage(async (s) => {
      let release = (): void => {};
      const arrived = new Promise<void>((resolve) => {
        s.answers.push((response, request) => {
          release = () => json({ access_token: "late", expires_in: 3600 })(response, request);
          resolve();
        });
      });
      const controller = new AbortController();
      const impatient = s.authenticator.tokens({ signal: controller.signal });
      const patient = s.authenticator.tokens();
      await arrived;
      controller.abort(new Error("enough"));
      await expect(impatient).rejects.toThrow("enough");
      release();
      expect((await patient).accessToken).toBe("late");
    }));
});

describe("the other authenticators", () => {
  it("staticAuthenticator hands out its token until it is rejected", async () => {
    const authenticator = staticAuthenticator("t");
    expect(await authenticator.tokens({ rejected: "other" })).toMatchObject({ accessToken: "t", scope: [] });
    await expect(authenticator.tokens({ rejected: "t" })).rejects.toMatchObject({ code: "reauth_required" });
    await expect(authenticator.tokens()).rejects.toMatchObject({ code: "reauth_required" });
    expect((await staticAuthenticator(initial).tokens()).refreshToken).toBe("r0");
  });

  it("clientCredentialsAuthenticator asks at first use, and once for all", () =>
    renewalStage(
      async (s) => {
        s.now = 0;
        const replaced: string[] = [];
        const onRefresh = (_tokens: Tokens, previous: Tokens): void => void replaced.push(previous.accessToken);
        const authenticator = clientCredentialsAuthenticator(
          s.client,
          { scope: ["x"] },
          { now: () => s.now, onRefresh },
        );
        expect(s.sent()).toBe(0);
        await Promise.all([authenticator.tokens({ rejected: "of a former process" }), authenticator.tokens()]);
        expect(replaced).toEqual([]);
        expect((await authenticator.tokens()).scope).toEqual(["x"]);
        expect(s.sent()).toBe(1);
        s.now = expired;
        expect((await authenticator.tokens()).accessToken).toBe("a2");
        expect(replaced).toEqual(["a1"]);
      },
      { authentication: secretPost("s") },
    ));

  it("refreshAhead is a tenth of the lifetime, at most 120 s", () => {
    expect([null, 0, 60, 1200, 3600].map((expiresIn) => refreshAhead({ ...initial, expiresIn }))).toEqual([
      0, 0, 6, 120, 120,
    ]);
  });
});
