import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { secret } from "../test/settings.ts";
import { perEnvironment } from "./environment.ts";

interface Bindings {
  readonly SPOTIFY_CLIENT_ID: string;
}

function world() {
  let made = 0;
  const auth = perEnvironment((environment: Bindings) => {
    made++;
    return { provider: spotify, clientId: environment.SPOTIFY_CLIENT_ID, baseUrl: "https://app.example", secret };
  });
  return { auth, made: () => made };
}

describe("a login for each environment", () => {
  it("is made at the first request, once", () => {
    const { auth, made } = world();
    expect(made()).toBe(0);
    const environment = { SPOTIFY_CLIENT_ID: "one" };
    expect(auth(environment)).toBe(auth(environment));
    expect(made()).toBe(1);
  });

  it("keeps environments apart by identity, also where they say the same", () => {
    const { auth } = world();
    const [one, same] = [auth({ SPOTIFY_CLIENT_ID: "one" }), auth({ SPOTIFY_CLIENT_ID: "one" })];
    expect(one).not.toBe(same);
    expect(auth({ SPOTIFY_CLIENT_ID: "two" }).settings.ways[0].clientId).toBe("two");
  });

  it("may have grants of its own, which have the rest", async () => {
    const authOf = perEnvironment(({ SPOTIFY_CLIENT_ID: clientId }: Bindings) => ({
      grants: createGrants({
        ...{ providers: { spotify: { provider: spotify, clientId } }, secret, store: memoryStore({ now: () => 0 }) },
      }),
      baseUrl: "https://app.example",
    }));
    const [one, two] = [authOf({ SPOTIFY_CLIENT_ID: "one" }), authOf({ SPOTIFY_CLIENT_ID: "two" })];
    expect([one, two].map(({ settings }) => settings.ways[0].clientId)).toEqual(["one", "two"]);
    expect(await one.sessionsOf("ada")).toEqual([]);
  });

  it("says what is missing each time it is asked for, and remembers no failure", () => {
    const { auth, made } = world();
    const environment = { SPOTIFY_CLIENT_ID: "" };
    for (let count = 0; count < 2; count++) expect(() => auth(environment)).toThrow("clientId");
    expect(made()).toBe(2);
  });
});
