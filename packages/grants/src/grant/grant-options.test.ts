import { secretPost } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../record/memory-store.ts";
import type { RecordStore } from "../record/record-store.ts";
import { type GrantsOptions, readGrantsOptions, withoutPart } from "./grant-options.ts";

const secret = "c2XSpGQ0mHkTk3PqUz7b1vYw9LdNf4RjEoVhAx8ZsKg";
const registration = { provider: spotify, clientId: "client" };
const store = memoryStore({ now: () => 0 });
const { index: _index, epochs: _epochs, ...plain } = store;
const options: GrantsOptions = { providers: { spotify: registration }, secret, store };
const read = (change: object) => readGrantsOptions({ ...options, ...change } as GrantsOptions);

describe("the options of grants", () => {
  it.each([
    [{ provider: spotify }, "provider", /The options are: providers, secret/],
    [{ providers: undefined }, "providers", /Give at least one: \{ spotify/],
    [{ providers: {} }, "providers", /at least one/],
    [{ providers: { "a b": registration } }, "providers.a b", /letters/],
    [{ providers: { spotify: { ...registration, clientID: "x" } } }, "providers.spotify.clientID", /clientId/],
    [{ providers: { spotify: { clientId: "x" } } }, "providers.spotify.provider", /discover\(issuer\)/],
    [{ providers: { spotify: { provider: spotify, clientId: "" } } }, "providers.spotify.clientId", /variable set/],
    [
      { providers: { spotify: { ...registration, clientAuthentication: "secret" } } },
      "providers.spotify.clientAuthentication",
      /secretBasic/,
    ],
    [{ secret: undefined }, "secret", /The secret is missing/],
    [{ secret: "secret" }, "secret", /./],
    [{ providers: { spotify: { ...registration, clientId: secret } } }, "secret", /client's id/],
    [
      { providers: { spotify: { ...registration, clientAuthentication: secretPost(secret) } } },
      "secret",
      /client's id or secret/,
    ],
    [{ store: undefined }, "store", /memoryStore\(\)/],
    [{ store: plain }, "store", /has no index, which list, upkeep and reseal need.*without: \["index"\]/],
    [{ store: plain, without: ["index"] }, "store", /has no epochs, which endAll need.*without: \["epochs"\]/],
    [{ without: ["list"] }, "without", /"index" and "epochs"/],
    [{ without: "index" }, "without", /Give a list/],
    [{ name: "a b" }, "name", /letters/],
    [{ idle: 0 }, "idle", /whole seconds/],
    [{ longestPause: 0.5 }, "longestPause", /whole seconds/],
  ])("%j are refused, and told what to write", (change, option, hint) => {
    const expected = expect.objectContaining({ option, message: expect.stringMatching(hint) });
    expect(() => read(change)).toThrow(expected);
  });

  it("are defaults where nothing is given", () => {
    const settings = readGrantsOptions(options);
    expect(settings).toMatchObject({
      name: "pixy",
      keys: ["spotify"],
      idle: 400 * 86_400_000,
      longestPause: undefined,
    });
    expect(settings.provider("spotify")).toBe(spotify);
    const { clientId, authentication } = settings.client("spotify", spotify);
    expect([clientId, authentication.method]).toEqual(["client", "none"]);
    expect(settings.client("spotify", spotify, "before").clientId).toBe("before");
  });

  it("take a store that lacks what the app does without, and a provider that is found at first use", async () => {
    const settings = read({
      ...{ store: plain, without: ["index", "epochs"], longestPause: 10 },
      providers: { found: { ...registration, provider: async () => spotify } },
    });
    expect([settings.longestPause, await settings.provider("found")]).toEqual([10_000, spotify]);
    expect(withoutPart(plain as RecordStore, "index").message).toContain("The store memory has no index");
  });
});
