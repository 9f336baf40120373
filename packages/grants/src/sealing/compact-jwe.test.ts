import { CompactEncrypt, compactDecrypt } from "jose";
import { describe, expect, it } from "vitest";
import { decryptCompact, encryptCompact, importWrappingKey, protectedHeader } from "./compact-jwe.ts";

const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const header = protectedHeader("key-1");
const message = (length: number) => Uint8Array.from({ length }, (_, index) => index % 256);

describe("compact JWE", () => {
  it.each([0, 1, 15, 16, 17, 3_000])("jose opens what is encrypted here: %i octets", async (length) => {
    const segments = await encryptCompact(message(length), header, await importWrappingKey(bytes));
    const opened = await compactDecrypt(header + segments, bytes, {
      keyManagementAlgorithms: ["A256KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    expect(opened.plaintext).toEqual(message(length));
    expect(opened.protectedHeader).toEqual({ alg: "A256KW", enc: "A256GCM", kid: "key-1" });
  });

  it.each([0, 1, 15, 16, 17, 3_000])("what jose encrypts is opened here: %i octets", async (length) => {
    const jwe = await new CompactEncrypt(message(length))
      .setProtectedHeader({ alg: "A256KW", enc: "A256GCM", kid: "key-1" })
      .encrypt(bytes);
    const [head = ""] = jwe.split(".");
    expect(head).toBe(header);
    const opened = await decryptCompact(jwe.slice(head.length), header, await importWrappingKey(bytes));
    expect(opened).toEqual(message(length));
  });

  it("is bound to its header and its key", async () => {
    const key = await importWrappingKey(bytes);
    const segments = await encryptCompact(message(40), header, key);
    expect(await decryptCompact(segments, header, key)).toEqual(message(40));
    await expect(decryptCompact(segments, protectedHeader("key-2"), key)).rejects.toThrow();
    await expect(decryptCompact(segments, header, await importWrappingKey(message(32)))).rejects.toThrow();
  });

  it("hands out no key that could be exported", async () => {
    await expect(crypto.subtle.exportKey("raw", await importWrappingKey(bytes))).rejects.toThrow();
  });
});
