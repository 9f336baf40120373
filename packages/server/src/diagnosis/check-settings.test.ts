import { defineProvider } from "@pixy/core";
import { memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import type { PixyOptions } from "../settings/options.ts";
import { checkSettings } from "./check-settings.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const complete = { provider: spotify, clientId: "client", baseUrl: "https://app.example/shop", secret };

function check(options: Partial<PixyOptions<undefined>> = {}) {
  return checkSettings({ ...complete, ...options });
}

describe("checkSettings", () => {
  it("spells out what follows from options that can be used", () => {
    const { settings, findings } = check();
    expect(settings?.baseUrl.origin).toBe("https://app.example");
    expect(findings.map(({ level, code }) => `${level} ${code}`)).toEqual([
      "fine base_url",
      "fine redirect_uri",
      "fine cookies",
      "fine secret",
    ]);
    const said = findings.map(({ message }) => message).join("\n");
    expect(said).toContain("for client at spotify: https://app.example/shop/auth/callback");
    expect(said).toContain("__Host-pixy is sent over https only");
    expect(said).not.toContain(secret);
  });

  it("says that cookies on loopback are not Secure", () => {
    expect(check({ baseUrl: "http://127.0.0.1:3000" }).findings[2]?.message).toContain("pixy-3000 is sent over http");
  });

  it.each([
    [{ baseUrl: "http://localhost:3000" }, "spotify_redirect_localhost", "http://127.0.0.1:3000/auth/callback"],
    [{ baseUrl: "http://app.example" }, "insecure_base_url", "https://app.example"],
    [{ secret: "a".repeat(43) }, "invalid_secret", "This command makes one"],
    [{ clientId: "" }, "invalid_option", "environment variable"],
  ])("fails for %j and says what to change", (options, code, hint) => {
    const { settings, findings } = check(options);
    expect(settings).toBeNull();
    expect(findings).toMatchObject([{ level: "failure", code, hint: expect.stringContaining(hint) }]);
  });

  it("tells of a bad secret beside another mistake", () => {
    const { findings } = check({ baseUrl: "http://localhost:3000", secret: "hello" });
    expect(findings.map(({ code }) => code)).toEqual(["spotify_redirect_localhost", "invalid_secret"]);
  });

  it("warns of cookies with a provider that replaces refresh tokens, and not of a store", () => {
    const refreshTokens = { ...spotify.refreshTokens, rotation: "rotating" as const };
    const provider = defineProvider({ ...spotify, refreshTokens });
    expect(check({ provider }).findings).toContainEqual(
      expect.objectContaining({ level: "warning", code: "rotation_needs_a_store" }),
    );
    expect(check({ provider, store: memoryStore() }).findings.map(({ level }) => level)).not.toContain("warning");
  });
});
