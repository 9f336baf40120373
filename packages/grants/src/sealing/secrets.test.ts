import { type Client, ConfigurationError, createClient, secretBasic, secretPost } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it, vi } from "vitest";
import { readSecrets, type SecretInput } from "./secrets.ts";

const current = "mqqB2Rd490qOpUN-_rTXdsvVTuB9SsivNiGthN8gJOY";
const previous = "NreCJhhz53rnQPciCUlMVkDS6bYhYPXxTC2RszKXXxo";
const hex = "d7fa202acbe046b58ccd0f4a7f924f37d3dd2ae2196e5fdea3415190dc23cb5a";

const redirectUri = "https://app.example/auth/callback";

function refusal(secret: unknown, client?: Client): ConfigurationError {
  try {
    readSecrets(secret as SecretInput, client);
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`accepted: ${String(secret)}`);
}

describe("readSecrets", () => {
  it.each([
    ["base64url", current],
    ["base64url that begins and ends as hex does", "ddmDb2vXcnRvw_SkBLsTM2Fk5EUpx_JRlZ8p2Lx521c"],
    ["padded base64url", `${current}=`],
    ["base64", "mqqB2Rd490qOpUN+/rTXdsvVTuB9SsivNiGthN8gJOY="],
    ["hex", hex],
    ["upper-case hex", hex.toUpperCase()],
    ["64 bytes", `${previous}${current}`.slice(0, 84)],
  ])("accepts %s", async (_, secret) => {
    const [key] = await readSecrets(secret).keys();
    expect(key.kid).toMatch(/^[\w-]{8}$/);
  });

  it("gives one key for one secret, however it is written", async () => {
    const [first] = await readSecrets(current).keys();
    const [second] = await readSecrets("mqqB2Rd490qOpUN+/rTXdsvVTuB9SsivNiGthN8gJOY=").keys();
    expect(second.kid).toBe(first.kid);
    expect(await second.derive("session")).toEqual(await first.derive("session"));
  });

  it("derives by HKDF as written down, so that another implementation finds the same keys", async () => {
    const [key] = await readSecrets(hex).keys();
    const toHex = (bytes: Uint8Array): string =>
      Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect([key.kid, toHex(await key.derive("session")), toHex(await key.derive("login"))]).toMatchInlineSnapshot(`
      [
        "Y8opi2aN",
        "e7b4ed64ee3ba9f707bea21137aff8df190f79915ef01353182742df2ae75a93",
        "c5823debb9cbf2e7fe711469d21b3b2a4844547e7a11efed6ae2035f257a4f9a",
      ]
    `);
  });

  it("has a key of 32 bytes for each purpose, derived once", async () => {
    const [key] = await readSecrets(current).keys();
    const session = await key.derive("session");
    expect(session).toHaveLength(32);
    expect(await key.derive("session")).toBe(session);
    expect(await key.derive("login")).not.toEqual(session);
    expect(await key.derive("kid")).not.toEqual(session);
  });

  it("does no work in WebCrypto before the first use: a worker forbids it outside of a request", async () => {
    const spies = [
      vi.spyOn(crypto.subtle, "importKey"),
      vi.spyOn(crypto.subtle, "deriveBits"),
      vi.spyOn(crypto, "getRandomValues"),
    ];
    const secrets = readSecrets([current, previous]);
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
    expect((await secrets.keys()).length).toBe(2);
    expect(await secrets.keys()).toBe(await secrets.keys());
    for (const spy of spies) spy.mockRestore();
  });

  it.each([
    ["missing", undefined],
    ["null", null],
    ["empty", ""],
    ["an empty list", []],
    ["a list with a hole", [current, ""]],
    ["a number", 4_096],
    ["short base64url", current.slice(0, 42)],
    ["short hex", hex.slice(0, 62)],
    ["43 characters of hex", hex.slice(0, 43)],
    ["hex with half a byte more", `${hex}a`],
    ["other characters in front", `!${current}`],
    ["three paddings", `${current}===`],
    ["both alphabets at once", `${current.slice(0, 41)}+_`],
    ["text as bytes, with marks up to the last of ASCII", btoa("zQ7~vK2{pX9}wB4|mT6`nF1^sH8_cJ3]")],
    ["other characters", `${current.slice(0, 40)} !?`],
    ["white space around", `${current}\n`],
    ["zero bytes", "A".repeat(43)],
    ["hex zeros", "0".repeat(64)],
    ["one repeated byte", "ab".repeat(32)],
    ["a repeated pattern", "0123456789abcdef".repeat(4)],
    ["a repeated base64url pattern", "Ab1dEf2hIj3lMn4p".repeat(3)],
    ["counted bytes", Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join("")],
    ["the alphabet", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"],
    ["a passphrase", "correct-horse-battery-staple-correct-horse-battery"],
    ["a capitalised passphrase", "Correct-Horse-Battery-Staple-And-Some-More-Words"],
    ["an encoded passphrase", btoa("correct horse battery staple 1234567890")],
    ["a sample", "changeme-ChangeMe-0123456789-ABCDEFGHIJKLMNOP"],
    ["another sample", `secret-${current}`],
    ["capitals and digits only", "Q7ZK2M9XW4RT8PYB3NDV6HJ5LCG1FSKQ9A2E7U4X8MZW"],
    ["small letters and digits only", "q7zk2m9xw4rt8pyb3ndv6hj5lcg1fskq9a2e7u4x8mzw"],
    ["the same secret twice", [current, previous, `${current}=`]],
    ["the same bytes in two spellings", [hex, "1_ogKsvgRrWMzQ9Kf5JPN9PdKuIZbl_eo0FRkNwjy1o"]],
    ["a bad one behind a good one", [current, "a".repeat(43)]],
  ])("K19 refuses %s without printing it", (_, secret) => {
    const error = refusal(secret);
    expect([error.code, error.option]).toEqual(["invalid_secret", "secret"]);
    expect(error.hint).toContain(`node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`);
    const shown = `${error.message} ${error.hint} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
    for (const text of [secret].flat()) {
      if (typeof text === "string" && text.length > 8) expect(shown).not.toContain(text.slice(0, 8));
    }
  });

  it.each([
    ["the client id", { clientId: current }],
    ["the client secret that goes into the body", { authentication: secretPost(current) }],
    ["the client secret that goes into the header", { authentication: secretBasic(current) }],
  ])("refuses %s, also as the previous secret: the provider knows it", (_, given) => {
    const client = createClient({ provider: spotify, clientId: "client", redirectUri, ...given });
    for (const secret of [current, [previous, current]]) {
      const error = refusal(secret, client);
      expect([error.code, error.message]).toEqual(["invalid_secret", expect.stringContaining("the provider knows")]);
    }
    expect(() => readSecrets(previous, client)).not.toThrow();
  });

  it("does not call a client authentication of the app's own, which may do anything", () => {
    const authentication = vi.fn();
    readSecrets(current, createClient({ provider: spotify, clientId: "client", redirectUri, authentication }));
    expect(authentication).not.toHaveBeenCalled();
  });

  it("says that a secret is missing, not that it is bad, where the variable is empty", () => {
    for (const secret of ["", undefined, null, 4_096]) expect(refusal(secret).message).toBe("The secret is missing.");
  });

  it.each([
    ...["secret", "PASSWORD", "Passphrase", "changeme", "change_me", "CHANGE-ME", "replace", "Example", "default"],
    ...["insecure", "development", "production"],
  ])("K19 refuses what says %j of itself, however random the rest is", (word) => {
    // Two letters more where the length would not be that of base64.
    const secret = `${current}${word}`;
    expect(refusal(secret.length % 4 === 1 ? `${secret}Qz` : secret).message).toContain("not random");
  });

  it("names each secret with characters that a cookie may have", async () => {
    const secrets = Array.from({ length: 40 }, (_, index) => `${index + 10}${current.slice(2)}`);
    const kids = await Promise.all(secrets.map(async (secret) => (await readSecrets(secret).keys())[0].kid));
    expect(kids.join("")).toMatch(/^[\w-]{320}$/);
    expect(kids.join("")).toMatch(/-.*_|_.*-/);
  });
});
