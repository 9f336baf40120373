import type { Provider } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { type EnvironmentOptions, explainStart, readEnvironment } from "./environment.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const complete = { NODE_ENV: "production", SESSION_SECRET: secret, PROVIDER_URL: "http://127.0.0.1:4000" };

function read(variables: Record<string, string>, options: Partial<EnvironmentOptions> = {}) {
  return readEnvironment({ ...complete, ...variables }, { port: 3001, ...options });
}

function providerOf(variables: Record<string, string>): Provider {
  const { provider } = read(variables);
  if (typeof provider === "function") throw new Error("The provider is found at first use.");
  return provider;
}

describe("readEnvironment", () => {
  it("leaves finding the provider to the first use", () => {
    expect(read({ PROVIDER_DISCOVERY: "1" }).provider).toBeTypeOf("function");
  });

  it("fills in what the contract fills in", () => {
    expect(read({})).toMatchObject({
      port: 3001,
      baseUrl: "http://127.0.0.1:3001",
      basePath: "",
      clientId: "pixy-demo",
      store: "cookie",
      redisUrl: null,
    });
    expect(providerOf({}).issuer).toBe("http://127.0.0.1:4000");
    expect(providerOf({ PROVIDER_URL: "", SPOTIFY_CLIENT_ID: "mine" }).name).toBe("spotify");
  });

  it("reads the path prefix and the port", () => {
    expect(read({ PORT: "8080", BASE_URL: "https://app.example/shop/" })).toMatchObject({
      port: 8080,
      baseUrl: "https://app.example/shop",
      basePath: "/shop",
    });
  });

  it("applies the rotation to either provider", () => {
    expect(providerOf({ PROVIDER_ROTATION: "rotating" }).refreshTokens.rotation).toBe("rotating");
    const real = providerOf({ PROVIDER_URL: "", SPOTIFY_CLIENT_ID: "mine", PROVIDER_ROTATION: "reusable" });
    expect(real.refreshTokens.rotation).toBe("reusable");
  });

  it("keeps sessions in Redis where a URL says so, unless the store is named", () => {
    expect(read({ REDIS_URL: "redis://127.0.0.1:6379" }).store).toBe("redis");
    expect(read({ REDIS_URL: "redis://127.0.0.1:6379", SESSION_STORE: "memory" }).store).toBe("memory");
    expect(read({ REDIS_URL: "redis://127.0.0.1:6379" }, { stores: ["cookie", "durable-object"] }).store).toBe(
      "cookie",
    );
  });

  it("makes a secret outside production, with a warning", () => {
    const warnings: string[] = [];
    const variables = { ...complete, NODE_ENV: "development", SESSION_SECRET: "" };
    const environment = readEnvironment(variables, { port: 3001, warn: (message) => warnings.push(message) });
    expect(environment.secret).toMatch(/^[\w-]{43}$/);
    expect(warnings).toEqual([expect.stringContaining("SESSION_SECRET")]);
  });

  it.each([
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "70000" }],
    ["PORT", { PORT: "\u001b[31m3000\u202e" }],
    ["BASE_URL", { BASE_URL: "app.example" }],
    ["BASE_URL", { BASE_URL: "https://app.example/?x" }],
    ["BASE_URL", { BASE_URL: "http://app.example" }],
    ["SESSION_SECRET", { SESSION_SECRET: "" }],
    ["SESSION_SECRET", { SESSION_SECRET: "too-short-for-a-secret" }],
    ["SESSION_SECRET", { SESSION_SECRET: "a".repeat(43) }],
    ["SESSION_SECRET", { SESSION_SECRET: "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0pQAZWSXED" }],
    ["SESSION_SECRET", { SESSION_SECRET: secret, SPOTIFY_CLIENT_ID: secret }],
    ["SPOTIFY_CLIENT_ID", { PROVIDER_URL: "" }],
    ["SPOTIFY_CLIENT_ID", { SPOTIFY_CLIENT_ID: "two words" }],
    ["PROVIDER_URL", { PROVIDER_URL: "nowhere" }],
    ["PROVIDER_URL", { PROVIDER_URL: "http://provider.example" }],
    ["PROVIDER_ROTATION", { PROVIDER_ROTATION: "sometimes" }],
    ["PROVIDER_DISCOVERY", { PROVIDER_DISCOVERY: "yes" }],
    ["PROVIDER_DISCOVERY", { PROVIDER_DISCOVERY: "1", PROVIDER_URL: "", SPOTIFY_CLIENT_ID: "mine" }],
    ["REDIS_URL", { REDIS_URL: "127.0.0.1:6379" }],
    ["REDIS_URL", { SESSION_STORE: "redis" }],
    ["SESSION_STORE", { SESSION_STORE: "durable-object" }],
  ])("refuses a wrong %s in one line (%j)", (variable, variables) => {
    const message = explanationOf(() => read(variables));
    expect(message).toMatch(new RegExp(`^${variable}: .*[Ss]et `));
    expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    for (const weak of [secret, "too-short-for-a-secret", "aaaa", "1qaz"]) expect(message).not.toContain(weak);
    if (variable === "SESSION_SECRET") expect(message).toContain("randomBytes(32)");
  });
});

describe("explainStart", () => {
  it("names the variable behind an option that Pixy refuses", () => {
    const message = explanationOf(() => read({ BASE_URL: "http://localhost:3001" }));
    expect(message).toMatch(/^BASE_URL: .*127\.0\.0\.1/);
    expect(message).not.toContain("\n");
  });

  it("leaves other errors alone", () => {
    expect(explainStart(new Error("disk full"))).toBeNull();
  });
});

function explanationOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return explainStart(error);
  }
}
