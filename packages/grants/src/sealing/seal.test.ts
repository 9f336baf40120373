import { CompactEncrypt } from "jose";
import { describe, expect, it, vi } from "vitest";
import { createSealer, type Opened, type Sealer } from "./seal.ts";
import { readSecrets, type SecretInput } from "./secrets.ts";
import { SessionTooLargeError } from "./too-large.ts";

const first = "mqqB2Rd490qOpUN-_rTXdsvVTuB9SsivNiGthN8gJOY";
const second = "NreCJhhz53rnQPciCUlMVkDS6bYhYPXxTC2RszKXXxo";
const third = "vcJ9FqzVoeIGXsprguvW_0qO1-z3-PqRzJafIXaa9_M";
const context = ["https://accounts.example", "client", "__Host-pixy-app"];
const start = Date.UTC(2026, 10, 23);
const hour = 3_600_000;

interface Payload {
  readonly id: string;
  readonly text?: string;
}

interface Settings {
  readonly secret?: SecretInput;
  readonly purpose?: "session" | "login" | "record";
  readonly context?: readonly string[];
  readonly now?: () => number;
}

function sealer(settings: Settings = {}): Sealer<Payload> {
  const secrets = readSecrets(settings.secret ?? first);
  return createSealer({ purpose: "session", context, now: () => start, ...settings, secrets });
}

const payload: Payload = { id: "s1", text: "a session" };
const until = { expiresAt: start + hour };
const reason = (opened: Opened<unknown>): string => (opened.ok ? "opened" : opened.reason);

/** Seals what `seal` would not, with the right key. */
async function forge(plaintext: string | Uint8Array, header: Record<string, string> = {}): Promise<string> {
  const [key] = await readSecrets(first).keys();
  const bytes = typeof plaintext === "string" ? new TextEncoder().encode(plaintext) : plaintext;
  const jwe = await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: "A256KW", enc: "A256GCM", kid: key.kid, ...header })
    .encrypt(await key.derive("session"));
  return key.kid + jwe.slice(jwe.indexOf("."));
}

function decode(text: string): number[] {
  return Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

function encode(bytes: readonly number[]): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function replaceAt<Item>(items: readonly Item[], index: number, item: Item): Item[] {
  return [...items.slice(0, index), item, ...items.slice(index + 1)];
}

describe("createSealer", () => {
  it("opens what it sealed", async () => {
    const sealed = await sealer().seal(payload, until);
    expect(await sealer().open(sealed)).toEqual({ ok: true, payload, context, expiresAt: start + hour, stale: false });
  });

  it("issues five canonical segments with the key id in place of the header", async () => {
    for (let length = 0; length < 8; length++) {
      const sealed = await sealer().seal({ id: "x".repeat(length) }, until);
      const [kid, key, nonce, , tag, ...rest] = sealed.split(".");
      const [{ kid: expected }] = await readSecrets(first).keys();
      expect([kid, key?.length, nonce?.length, tag?.length, rest]).toEqual([expected, 54, 16, 22, []]);
      expect(sealed).toMatch(/^[\w.-]+$/);
      expect(reason(await sealer().open(sealed))).toBe("opened");
    }
  });

  it("keeps text of any script", async () => {
    const text = '\ufeffgrüße 😀 \u2028 \0 " \\ __proto__';
    const opened = await sealer().open(await sealer().seal({ id: "s", text }, until));
    expect(opened.ok && opened.payload.text).toBe(text);
  });

  it("K1 notices every flipped bit, of the characters and of the bytes", async () => {
    const { open, seal } = sealer();
    const sealed = await seal({ id: "s", text: "x".repeat(510) }, until);
    expect(sealed.length).toBeGreaterThan(800);
    for (let index = 0; index < sealed.length; index++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(sealed.charCodeAt(index) ^ (1 << bit));
        expect((await open(sealed.slice(0, index) + flipped + sealed.slice(index + 1))).ok).toBe(false);
      }
    }
    const segments = sealed.split(".");
    for (let segment = 1; segment < segments.length; segment++) {
      const bytes = decode(segments[segment] as string);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = replaceAt(bytes, bit >> 3, (bytes[bit >> 3] as number) ^ (1 << (bit & 7)));
        expect(reason(await open(replaceAt(segments, segment, encode(flipped)).join(".")))).toBe("tampered");
      }
    }
  });

  it("K2 refuses every truncation, appendix and insertion", async () => {
    const { open, seal } = sealer();
    const sealed = await seal(payload, until);
    const variants = Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length));
    for (let length = 1; length <= 16; length++)
      variants.push(sealed + "A".repeat(length), "A".repeat(length) + sealed);
    for (const extra of ["=", "==", " ", "\n", "\t", ".", "\0", "é", "."]) {
      for (const at of [0, 8, 9, 63, 64, 80, 81, sealed.length - 23, sealed.length]) {
        variants.push(sealed.slice(0, at) + extra + sealed.slice(at));
      }
    }
    const kid = sealed.slice(0, 8);
    variants.push(kid.toUpperCase() + sealed.slice(8), kid.toLowerCase() + sealed.slice(8), `v2.${sealed}`);
    variants.push(
      `"${sealed}"`,
      encodeURIComponent(`${sealed} `),
      sealed.replaceAll("-", "+").concat("+"),
      `${sealed}.${sealed}`,
    );
    for (const variant of variants) expect((await open(variant)).ok, variant).toBe(false);
  });

  it("K3 refuses another spelling of the same bytes", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const { open, seal } = sealer();
    let spellings = 0;
    for (let length = 0; length < 3; length++) {
      const sealed = await seal({ id: "x".repeat(length) }, until);
      const segments = sealed.split(".");
      for (const [index, segment] of segments.entries()) {
        if (segment.length % 4 === 0) continue;
        for (const last of alphabet) {
          const spelling = segment.slice(0, -1) + last;
          if (spelling === segment || encode(decode(spelling)) !== segment) continue;
          spellings++;
          expect(reason(await open(replaceAt(segments, index, spelling).join(".")))).toBe("malformed");
        }
      }
    }
    expect(spellings).toBeGreaterThan(90);
  });

  it("K4 opens in its own purpose, context and subject only", async () => {
    const [issuer, client, cookie] = context as [string, string, string];
    const places = [
      { context },
      { context: ["https://other.example", client, cookie] },
      { context: [issuer, "client2", cookie] },
      { context: [issuer, client, "__Host-pixy-other"] },
      { context: [issuer, client] },
      { context: [`${issuer}","${client}`, cookie] },
      { context: [cookie, client, issuer] },
      { context, subject: "record 1" },
      { context, subject: "record 2" },
      { context, purpose: "login" as const },
      { context, purpose: "record" as const },
    ];
    for (const from of places) {
      const { subject: sealedFor, ...settings } = from;
      const sealed = await sealer(settings).seal(payload, { ...until, ...(sealedFor && { subject: sealedFor }) });
      for (const to of places) {
        const { subject, ...other } = to;
        const opened = await sealer(other).open(sealed, subject === undefined ? {} : { subject });
        const samePurpose = settings.purpose === other.purpose;
        expect(reason(opened)).toBe(from === to ? "opened" : samePurpose ? "misplaced" : "tampered");
      }
    }
  });

  it("K7 opens what previous secrets sealed, and says that it is stale", async () => {
    const sealed = await sealer({ secret: first }).seal(payload, until);
    const open = async (...secret: string[]): Promise<unknown> => {
      const opened = await sealer({ secret }).open(sealed);
      return opened.ok ? { stale: opened.stale } : opened.reason;
    };
    expect(await open(first)).toEqual({ stale: false });
    expect(await open(first, second)).toEqual({ stale: false });
    expect(await open(second, first)).toEqual({ stale: true });
    expect(await open(second, third, first)).toEqual({ stale: true });
    expect(await open(second, first, third)).toEqual({ stale: true });
    expect(await open(second)).toBe("foreign");
    expect((await sealer({ secret: [second, first] }).seal(payload, until)).slice(0, 8)).not.toBe(sealed.slice(0, 8));
  });

  it("K7 spends no cryptography on an unknown key id", async () => {
    const { open, seal } = sealer({ secret: [first, second] });
    const known = await seal(payload, until);
    const names = ["deriveBits", "importKey", "unwrapKey", "decrypt"] as const;
    const spies = names.map((name) => vi.spyOn(crypto.subtle, name));
    expect(reason(await open(`AAAAAAAA${known.slice(8)}`))).toBe("foreign");
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 0]);
    for (const spy of spies) spy.mockRestore();
  });

  it("K8 takes a fresh key and a fresh nonce from the system for each seal", async () => {
    const random = vi.spyOn(crypto, "getRandomValues");
    const { seal } = sealer();
    const wrapped = new Set<string | undefined>();
    const nonces = new Set<string | undefined>();
    const rounds = 2_000;
    for (let round = 0; round < rounds; round++) {
      const [, key, nonce] = (await seal(payload, until)).split(".");
      wrapped.add(key);
      nonces.add(nonce);
    }
    expect([wrapped.size, nonces.size]).toEqual([rounds, rounds]);
    const lengths = random.mock.calls.map(([bytes]) => bytes?.byteLength);
    expect(lengths.filter((length) => length === 12)).toHaveLength(rounds);
    expect(lengths.filter((length) => length === 32)).toHaveLength(rounds);
    random.mockRestore();
  });

  it("K9 reads the injected clock: open until the expiry, expired at it and for ever after", async () => {
    let time = start;
    const { open, seal } = sealer({ now: () => time });
    const sealed = await seal(payload, until);
    for (const [at, expected] of [
      [start + hour - 1_000, "opened"],
      [start + hour - 1, "opened"],
      [start + hour, "expired"],
      [start + hour + 1, "expired"],
      [Number.MAX_SAFE_INTEGER, "expired"],
    ] as const) {
      time = at;
      expect(reason(await open(sealed))).toBe(expected);
    }
  });

  it("opens for the contexts that are accepted, and says for which it was sealed", async () => {
    const other = [...context, "google"];
    const sealed = await sealer().seal(payload, { ...until, context: other });
    expect(reason(await sealer().open(sealed))).toBe("misplaced");
    const accepts = (found: readonly string[]) => found[3] === "google";
    expect(await sealer().open(sealed, { accepts })).toMatchObject({ ok: true, payload, context: other });
    expect(reason(await sealer().open(await sealer().seal(payload, until), { accepts }))).toBe("misplaced");
  });

  it("K10 takes no claims but its own", async () => {
    const claims = (payload: string, expiresAt: string): string =>
      `[${payload},${expiresAt},${JSON.stringify(context)},""]`;
    const valid = String(start + hour);
    const { open } = sealer();
    expect(reason(await open(await forge(claims("{}", valid))))).toBe("opened");
    for (const expiresAt of [
      "NaN",
      "Infinity",
      "1e999",
      `"${valid}"`,
      "null",
      "-1",
      "0",
      "1.5",
      "9007199254740992",
      "true",
      "[]",
    ]) {
      expect(reason(await open(await forge(claims("{}", expiresAt)))), expiresAt).toBe("malformed");
    }
    for (const other of ["null", "[]", '"text"', "1", "true"]) {
      expect(reason(await open(await forge(claims(other, valid)))), other).toBe("malformed");
    }
    const whole = [
      "",
      "{}",
      "null",
      "[]",
      "[{}]",
      `[{},${valid}]`,
      claims("{}", valid).replace(/]$/, ",1]"),
      "{",
      "\ufeff[]",
    ];
    for (const plaintext of [...whole, new Uint8Array([0xff, 0xfe]), new Uint8Array()]) {
      expect(reason(await open(await forge(plaintext)))).toBe("malformed");
    }
    for (const other of ["null", "{}", '"x"', '["https://accounts.example"]', JSON.stringify(context.join())]) {
      expect(reason(await open(await forge(`[{},${valid},${other},""]`)))).toBe("misplaced");
    }
    for (const subject of ["null", "0", "[]", '"x"']) {
      expect(reason(await open(await forge(`[{},${valid},${JSON.stringify(context)},${subject}]`)))).toBe("misplaced");
    }
    const polluting = await open(await forge(claims('{"__proto__":{"polluted":1}}', valid)));
    expect(polluting.ok).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("refuses to seal until a time that is none", async () => {
    for (const expiresAt of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1.5, 2 ** 53]) {
      await expect(sealer().seal(payload, { expiresAt })).rejects.toThrow(RangeError);
    }
  });

  it("has no place for another algorithm, compression or a header of the client", async () => {
    const plaintext = `[{},${start + hour},${JSON.stringify(context)},""]`;
    const [key] = await readSecrets(first).keys();
    for (const header of [{ enc: "A256CBC-HS512" }, { enc: "A128GCM" }, { zip: "DEF" }, { kid: "another1" }]) {
      expect((await sealer().open(await forge(plaintext, header))).ok).toBe(false);
    }
    const direct = await new CompactEncrypt(new TextEncoder().encode(plaintext))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: key.kid })
      .encrypt(await key.derive("session"));
    expect(reason(await sealer().open(direct))).toBe("foreign");
    expect(reason(await sealer().open(key.kid + direct.slice(direct.indexOf("."))))).toBe("malformed");
    expect(reason(await sealer().open((await forge(plaintext)).replace(key.kid, encode([123, 125]))))).toBe("foreign");
  });

  it("caps what it seals and what it opens at 16 KiB", async () => {
    const { open, seal } = sealer();
    await expect(seal({ id: "s", text: "x".repeat(12_500) }, until)).rejects.toThrow(SessionTooLargeError);
    expect(reason(await open(await seal({ id: "s", text: "x".repeat(12_000) }, until)))).toBe("opened");
    const large = await forge(`[{"text":"${"x".repeat(12_500)}"},${start + hour},${JSON.stringify(context)},""]`);
    expect(large.length).toBeGreaterThan(16_384);
    expect(reason(await open(large))).toBe("malformed");
  });

  it("never throws for what a client could send", async () => {
    const values: unknown[] = ["", "a", ".....", "....", undefined, null, 7, {}, [], "x".repeat(1_000_000), "\ud800"];
    for (const value of values) expect(reason(await sealer().open(value as string))).toBe("foreign");
  });
});
