import { describe, expect, it } from "vitest";
import { type Answer, json } from "../test/provider-server.ts";
import { expired, initial, renewalStage as stage } from "../test/renewal-stage.ts";
import { clientCredentialsAuthenticator, createTokens, isExpired, secretPost } from "./index.ts";

const minute = 60_000;
const due = expired - minute;
const lost: Answer = (response) => response.destroy();
const refused = json({ error: "token_revoked" }, 400);
const dead = json({ error: "invalid_grant" }, 400);
const away = (headers: Record<string, string> = {}) => json({}, 503, headers);

const kept = { name: "ReauthRequiredError", code: "reauth_required", kept: true };
const final = { name: "ReauthRequiredError", code: "reauth_required", kept: false };

describe("a refresh token that the provider calls dead", () => {
  it("is sent once, and only a new login helps", () =>
    stage(async (s) => {
      s.answers.push(dead);
      for (const later of [0, minute, 365 * 24 * 60 * minute]) {
        s.now = expired + later;
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ ...final, cause: { outcome: "ended" } });
      }
      expect(s.sent()).toBe(1);
    }));

  it("is one that the provider's own rule calls so", () =>
    stage(
      async (s) => {
        s.answers.push(json({ ok: false, error: "invalid_refresh_token" }));
        await expect(s.authenticator.tokens()).rejects.toMatchObject(final);
        s.now += 60 * minute;
        await expect(s.authenticator.tokens()).rejects.toMatchObject(final);
        expect(s.sent()).toBe(1);
      },
      { answer: { error: ({ members }) => (members.error === "invalid_refresh_token" ? "ended" : undefined) } },
    ));
});

describe("a refresh that is refused", () => {
  it("offers a login, and is tried again after 10 s, then 20, then 40; a success heals it", () =>
    stage(async (s) => {
      s.answers.push(refused, refused, refused);
      let sent = 0;
      for (const pause of [10_000, 20_000, 40_000]) {
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ ...kept, cause: { outcome: "refused" } });
        sent += 1;
        s.now += pause - 1;
        await expect(s.authenticator.tokens()).rejects.toMatchObject(kept);
        expect(s.sent()).toBe(sent);
        s.now += 1;
      }
      expect((await s.authenticator.tokens()).accessToken).toBe("a4");
      s.now += expired;
      s.answers.push(refused);
      await expect(s.authenticator.tokens()).rejects.toMatchObject(kept);
      s.now += 10_000;
      expect((await s.authenticator.tokens()).accessToken).toBe("a6");
    }));

  it("goes on with an access token that still works", () =>
    stage(async (s) => {
      s.now = due;
      s.answers.push(refused);
      expect((await s.authenticator.tokens()).accessToken).toBe("first");
      s.now = due + 9_999;
      expect((await s.authenticator.tokens()).accessToken).toBe("first");
      expect(s.sent()).toBe(1);
    }));

  it("stays an offer while the provider is away or the set-up is wrong", () =>
    stage(async (s) => {
      s.answers.push(refused, away(), json({}, 404), lost);
      await expect(s.authenticator.tokens()).rejects.toMatchObject(kept);
      for (const outcome of ["unavailable", "misconfigured", "unknown"]) {
        s.now += minute;
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ ...kept, cause: { outcome } });
      }
    }));

  it("ends after 30 days", () =>
    stage(async (s) => {
      s.answers.push(refused, refused);
      await expect(s.authenticator.tokens()).rejects.toMatchObject(kept);
      s.now += 30 * 24 * 60 * minute;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(final);
      s.now += 30 * 24 * 60 * minute;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(final);
      expect(s.sent()).toBe(2);
    }));
});

describe("a set-up that is wrong", () => {
  it.each([
    ["no endpoint", json({}, 404), "provider_misconfigured"],
    ["another client", json({ error: "invalid_client" }, 401), "client_authentication_failed"],
    ["no such grant type", json({ error: "unauthorized_client" }, 400), "provider_misconfigured"],
    ["DPoP", json({ access_token: "t", token_type: "DPoP" }), "token_type_unsupported"],
  ])("is told as what it is, costs nobody a login, and is asked about every 10 s: %s", (_what, answer, code) =>
    stage(async (s) => {
      s.answers.push(answer, answer);
      const error = { name: "TokenRequestError", outcome: "misconfigured", code };
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      s.now += 9_999;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      expect(s.sent()).toBe(1);
      s.now += 1;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      expect(s.sent()).toBe(2);
      s.now += 20_000;
      expect((await s.authenticator.tokens()).accessToken).toBe("a3");
    }),
  );
});

describe("a provider that is away", () => {
  it("is asked after 1, 2, 4, 8 and then every 10 s", () =>
    stage(async (s) => {
      for (const pause of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
        const before = s.sent();
        s.answers.push(away());
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unavailable" });
        s.now += pause - 1;
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unavailable" });
        expect(s.sent()).toBe(before + 1);
        s.now += 1;
      }
      expect((await s.authenticator.tokens()).accessToken).toBe("a7");
    }));

  it.each([
    [429, 600, 600],
    [503, 13_749, 900],
    [502, 60, 60],
  ])("%i with Retry-After %i is left alone for %i s, and nobody else waits for it", (status, asked, seconds) =>
    stage(async (s) => {
      s.answers.push(json({}, status, { "Retry-After": String(asked) }));
      const error = { name: "TokenRequestError", outcome: "unavailable", retryAfter: asked };
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      expect((await s.another().tokens()).accessToken).toBe("a2");
      s.now += seconds * 1000 - 1;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      expect(s.sent()).toBe(2);
      s.now += 1;
      expect((await s.authenticator.tokens()).accessToken).toBe("a3");
    }),
  );
});

describe("an answer that was lost", () => {
  it("where reuse revokes the login: the token is not shown again while the access token works", () =>
    stage(
      async (s) => {
        s.now = due;
        s.answers.push(lost, lost);
        for (const later of [0, 1_000, 20_000, minute - 1]) {
          s.now = due + later;
          expect((await s.authenticator.tokens()).accessToken).toBe("first");
        }
        expect(s.sent()).toBe(1);
        s.now = expired;
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unknown" });
        await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unknown" });
        expect(s.sent()).toBe(2);
        s.now += 2_000;
        expect((await s.authenticator.tokens()).accessToken).toBe("a3");
      },
      { retryUnknown: false },
    ));

  it("there, too, once the API refused the access token: nothing is left to lose", () =>
    stage(
      async (s) => {
        s.now = due;
        s.answers.push(lost);
        expect((await s.authenticator.tokens()).accessToken).toBe("first");
        s.now += 1_000;
        expect((await s.authenticator.tokens({ rejected: "first" })).accessToken).toBe("a2");
      },
      { retryUnknown: false },
    ));

  it("within the provider's grace: sent again at once and after pauses, then no more", () =>
    stage(
      async (s) => {
        s.now = due;
        s.answers.push(lost, lost, lost, lost);
        const sentAfter = async (later: number) => {
          s.now = due + later;
          expect((await s.authenticator.tokens()).accessToken).toBe("first");
          return s.sent();
        };
        expect([await sentAfter(0), await sentAfter(1_999), await sentAfter(2_000)]).toEqual([2, 2, 3]);
        expect([await sentAfter(9_999), await sentAfter(10_000), await sentAfter(minute - 1)]).toEqual([4, 4, 4]);
        s.now = expired;
        expect((await s.authenticator.tokens()).accessToken).toBe("a5");
      },
      { retryUnknown: false, grace: 10 },
    ));

  it("where reuse costs nothing: nobody notices one", () =>
    stage(async (s) => {
      s.answers.push(lost);
      expect((await s.authenticator.tokens()).accessToken).toBe("a2");
    }));

  it("there, several: after pauses", () =>
    stage(async (s) => {
      s.answers.push(lost, lost);
      await expect(s.authenticator.tokens()).rejects.toMatchObject({ name: "TokenRequestError", outcome: "unknown" });
      s.now += 1_999;
      await expect(s.authenticator.tokens()).rejects.toMatchObject({ outcome: "unknown" });
      expect(s.sent()).toBe(2);
      s.now += 1;
      expect((await s.authenticator.tokens()).accessToken).toBe("a3");
    }));
});

describe("a provider that renews the access token that the API refused", () => {
  it("is asked again after 10 s, not with each call", () =>
    stage(async (s) => {
      s.now = 0;
      s.answers.push(json({ access_token: "first", expires_in: 3600 }));
      const error = { ...kept, message: expect.stringContaining("the access token that the API refused") };
      await expect(s.authenticator.tokens({ rejected: "first" })).rejects.toMatchObject(error);
      s.now = 9_999;
      await expect(s.authenticator.tokens()).rejects.toMatchObject(error);
      expect(s.sent()).toBe(1);
      s.now = 10_000;
      expect((await s.authenticator.tokens()).accessToken).toBe("a2");
    }));
});

describe("tokens of an odd lifetime", () => {
  it.each([0, "0", -1, "-1", -3600, 0.5])(
    "expires_in %j: tried once, then used until the API refuses them",
    (expires_in) =>
      stage(async (s) => {
        s.answers.push(json({ access_token: "odd", expires_in }));
        for (let page = 0; page < 3; page++) {
          s.now += minute;
          const tokens = await s.authenticator.tokens();
          expect([tokens.accessToken, tokens.expiresIn, isExpired(tokens, s.now)]).toEqual(["odd", null, false]);
        }
        expect(s.sent()).toBe(1);
        expect((await s.authenticator.tokens({ rejected: "odd" })).accessToken).toBe("a2");
      }),
  );
});

describe("a login that brought no refresh token", () => {
  it("ends with its access token, and the error says what would bring one", () =>
    stage(async (s) => {
      const authenticator = s.another({}, createTokens({ ...initial, refreshToken: null }));
      s.now = due;
      expect((await authenticator.tokens()).accessToken).toBe("first");
      s.now = expired;
      const error = (await authenticator.tokens().catch((reason) => reason)) as Error & { hint: string };
      expect(error).toMatchObject(final);
      expect(error.message).not.toMatch(/no longer/);
      for (const word of ["offline_access", "access_type=offline", "prompt=consent"])
        expect(error.hint).toContain(word);
      expect(s.sent()).toBe(0);
    }));
});

describe("tokens of the client itself", () => {
  it("are asked for again after a pause, and no login is spoken of", () =>
    stage(
      async (s) => {
        s.answers.push(dead, json({ error: "access_denied" }, 403));
        const authenticator = clientCredentialsAuthenticator(s.client, {}, { now: () => s.now });
        const error = { name: "TokenRequestError", outcome: "refused" };
        await expect(authenticator.tokens()).rejects.toMatchObject({ ...error, error: "invalid_grant" });
        await expect(authenticator.tokens()).rejects.toMatchObject({ ...error, error: "invalid_grant" });
        s.now += 10_000;
        await expect(authenticator.tokens()).rejects.toMatchObject({ ...error, error: "access_denied" });
        s.now += 20_000;
        expect((await authenticator.tokens()).accessToken).toBe("a3");
        expect(s.sent()).toBe(3);
      },
      { authentication: secretPost("s") },
    ));
});
