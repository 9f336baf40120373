import { describe, expect, it } from "vitest";
import { type Answer, json, type ProviderServer, serve } from "../test/provider-server.ts";
import {
  clientCredentialsAuthenticator,
  createClient,
  createTokens,
  pkceAuthenticator,
  type RenewalOptions,
  refreshAhead,
  secretPost,
  spotifyAt,
  staticAuthenticator,
  type Tokens,
} from "./index.ts";

const initial: Tokens = createTokens({
  accessToken: "first",
  tokenType: "Bearer",
  expiresIn: 3600,
  scope: ["a"],
  refreshToken: "r0",
  createdAt: 0,
  authorizedAt: 0,
});
const expired = 3_600_000;

interface World {
  readonly server: ProviderServer;
  now: number;
  answers: Answer[];
  authenticator(options?: RenewalOptions, tokens?: Tokens): ReturnType<typeof pkceAuthenticator>;
}

async function world(run: (world: World) => Promise<void>): Promise<void> {
  let count = 0;
  const answers: Answer[] = [];
  const server = await serve((response, request) => {
    count++;
    const answer =
      answers.shift() ??
      json({ access_token: `access${count}`, token_type: "Bearer", expires_in: 3600, refresh_token: `r${count}` });
    answer(response, request);
  });
  const client = createClient({
    provider: spotifyAt(server.origin),
    clientId: "id",
    redirectUri: "http://127.0.0.1:1/cb",
  });
  const state: World = {
    server,
    now: 0,
    answers,
    authenticator: (options, tokens = initial) =>
      pkceAuthenticator(client, tokens, { now: () => state.now, ...options }),
  };
  try {
    await run(state);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe("pkceAuthenticator", () => {
  it("refuses an option that there is not", () => {
    const client = createClient({
      provider: spotifyAt("http://127.0.0.1:1"),
      clientId: "a",
      redirectUri: "com.app:/a",
    });
    expect(() => pkceAuthenticator(client, initial, { onRefreshed: () => {} } as RenewalOptions)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "onRefreshed" }),
    );
  });

  it("hands out a valid token without a request, and refreshes ahead of its expiry", () =>
    world(async (w) => {
      const authenticator = w.authenticator();
      w.now = expired - 120_001;
      expect((await authenticator.tokens()).accessToken).toBe("first");
      expect(w.server.seen).toHaveLength(0);
      w.now = expired - 120_000;
      expect((await authenticator.tokens()).accessToken).toBe("access1");
      expect((await authenticator.tokens()).accessToken).toBe("access1");
      expect(w.server.seen).toHaveLength(1);
    }));

  it("refreshes once for 1,000 concurrent callers", () =>
    world(async (w) => {
      w.now = expired;
      const authenticator = w.authenticator();
      const all = await Promise.all(Array.from({ length: 1000 }, () => authenticator.tokens()));
      expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(["access1"]));
      expect(w.server.seen).toHaveLength(1);
    }));

  it("awaits onRefresh before anybody gets the new token", () =>
    world(async (w) => {
      w.now = expired;
      const order: string[] = [];
      const authenticator = w.authenticator({
        onRefresh: async (tokens, previous) => {
          order.push(`saving ${tokens.accessToken} after ${previous.accessToken}`);
          await new Promise((resolve) => setImmediate(resolve));
          order.push("saved");
        },
      });
      await authenticator.tokens().then(() => order.push("used"));
      expect(order).toEqual(["saving access1 after first", "saved", "used"]);
    }));

  it("saves the same tokens again after onRefresh failed, instead of refreshing with a used token", () =>
    world(async (w) => {
      w.now = expired;
      const seen: string[] = [];
      const authenticator = w.authenticator({
        onRefresh: (tokens) => {
          seen.push(tokens.accessToken);
          if (seen.length === 1) throw new Error("The disk is full.");
        },
      });
      await expect(authenticator.tokens()).rejects.toThrow("The disk is full.");
      expect((await authenticator.tokens()).accessToken).toBe("access1");
      expect(seen).toEqual(["access1", "access1"]);
      expect(w.server.seen).toHaveLength(1);
    }));

  it("uses each new refresh token in turn", () =>
    world(async (w) => {
      const authenticator = w.authenticator();
      for (let turn = 1; turn <= 3; turn++) {
        w.now += expired;
        expect((await authenticator.tokens()).refreshToken).toBe(`r${turn}`);
      }
      expect(w.server.seen.map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual([
        "r0",
        "r1",
        "r2",
      ]);
    }));

  it("never hands out a rejected token again, and ignores the rejection of an older one", () =>
    world(async (w) => {
      const authenticator = w.authenticator();
      w.answers.push(json({}, 503), json({}, 503));
      await expect(authenticator.tokens({ rejected: "first" })).rejects.toMatchObject({ outcome: "unavailable" });
      w.now += 1_000;
      await expect(authenticator.tokens()).rejects.toMatchObject({ outcome: "unavailable" });
      w.now += 2_000;
      expect((await authenticator.tokens()).accessToken).toBe("access3");
      expect((await authenticator.tokens({ rejected: "first" })).accessToken).toBe("access3");
      expect(w.server.seen).toHaveLength(3);
    }));

  it("does not hand out a rejected token that the provider issues once more", () =>
    world(async (w) => {
      w.answers.push(json({ access_token: "first" }));
      await expect(w.authenticator().tokens({ rejected: "first" })).rejects.toMatchObject({ code: "reauth_required" });
    }));

  it("uses the still valid token while the provider is away", () =>
    world(async (w) => {
      w.now = expired - 60_000;
      w.answers.push(json({}, 503), json({ error: "invalid_grant" }, 400));
      const authenticator = w.authenticator();
      expect((await authenticator.tokens()).accessToken).toBe("first");
      expect((await authenticator.tokens()).accessToken).toBe("first");
      w.now = expired;
      await expect(authenticator.tokens()).rejects.toMatchObject({ code: "reauth_required" });
      expect(w.server.seen).toHaveLength(2);
    }));

  it("hands out no rejected token after somebody rejected an older one", () =>
    world(async (w) => {
      const authenticator = w.authenticator();
      w.answers.push(json({}, 503), json({}, 503));
      await expect(authenticator.tokens({ rejected: "first" })).rejects.toMatchObject({ outcome: "unavailable" });
      await expect(authenticator.tokens({ rejected: "older" })).rejects.toMatchObject({ outcome: "unavailable" });
    }));

  it("hands out no token that was rejected while the provider failed to renew it", () =>
    world(async (w) => {
      w.now = expired - 60_000;
      const authenticator = w.authenticator();
      w.answers.push(json({}, 503));
      const ahead = authenticator.tokens();
      const rejecting = authenticator.tokens({ rejected: "first" });
      await expect(rejecting).rejects.toMatchObject({ outcome: "unavailable" });
      await expect(ahead).rejects.toMatchObject({ outcome: "unavailable" });
    }));

  it("tells that tokens could not be saved, also while the old ones are valid", () =>
    world(async (w) => {
      w.now = expired - 60_000;
      const onRefresh = (): void => {
        throw new Error("The disk is full.");
      };
      await expect(w.authenticator({ onRefresh }).tokens()).rejects.toThrow("The disk is full.");
    }));

  it("A21 does not renew a token of unknown expiry until it is refused", () =>
    world(async (w) => {
      const authenticator = w.authenticator({}, createTokens({ ...initial, expiresIn: null }));
      w.now = Number.MAX_SAFE_INTEGER;
      expect((await authenticator.tokens()).accessToken).toBe("first");
      expect((await authenticator.tokens({ rejected: "first" })).accessToken).toBe("access1");
    }));

  it("lets one caller stop waiting without stopping the others", () =>
    world(async (w) => {
      w.now = expired;
      let release = (): void => {};
      const arrived = new Promise<void>((resolve) => {
        w.answers.push((response, request) => {
          release = () => json({ access_token: "late", expires_in: 3600 })(response, request);
          resolve();
        });
      });
      const authenticator = w.authenticator();
      const controller = new AbortController();
      const impatient = authenticator.tokens({ signal: controller.signal });
      const patient = authenticator.tokens();
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
    world(async (w) => {
      const client = createClient({
        provider: spotifyAt(w.server.origin),
        clientId: "id",
        redirectUri: "http://127.0.0.1:1/cb",
        authentication: secretPost("s"),
      });
      const replaced: string[] = [];
      const onRefresh = (_tokens: Tokens, previous: Tokens): void => void replaced.push(previous.accessToken);
      const authenticator = clientCredentialsAuthenticator(client, { scope: ["x"] }, { now: () => w.now, onRefresh });
      expect(w.server.seen).toHaveLength(0);
      await Promise.all([authenticator.tokens({ rejected: "of a former process" }), authenticator.tokens()]);
      expect(replaced).toEqual([]);
      expect((await authenticator.tokens()).scope).toEqual(["x"]);
      expect(w.server.seen).toHaveLength(1);
      w.now = expired;
      expect((await authenticator.tokens()).accessToken).toBe("access2");
      expect(replaced).toEqual(["access1"]);
    }));

  it("refreshAhead is a tenth of the lifetime, at most 120 s", () => {
    expect([null, 0, 60, 1200, 3600].map((expiresIn) => refreshAhead({ ...initial, expiresIn }))).toEqual([
      0, 0, 6, 120, 120,
    ]);
  });
});
