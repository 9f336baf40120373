import { memoryStore, type RecordStore } from "@pixy/server";
import { vi } from "vitest";

/** What was done since it was asked last; octets where it is no number of calls. */
export interface Work {
  readonly decryptions: number;
  readonly opened: number;
  readonly encryptions: number;
  readonly digests: number;
  readonly hashed: number;
  readonly printed: number;
}

const lines = ["debug", "log", "info", "warn", "error"] as const;

/** Counts what this process encrypts, decrypts, hashes and prints; nothing of it is changed but that it stays silent. */
export function countWork(): { take(): Work } {
  const decrypt = vi.spyOn(crypto.subtle, "decrypt");
  const encrypt = vi.spyOn(crypto.subtle, "encrypt");
  const digest = vi.spyOn(crypto.subtle, "digest");
  const consoles = lines.map((line) => vi.spyOn(console, line).mockImplementation(() => {}));
  const octets = (calls: readonly (readonly unknown[])[], index: number) =>
    calls.reduce((sum, call) => sum + (call[index] as ArrayBuffer | ArrayBufferView).byteLength, 0);
  return {
    take() {
      const work = {
        decryptions: decrypt.mock.calls.length,
        opened: octets(decrypt.mock.calls, 2),
        encryptions: encrypt.mock.calls.length,
        digests: digest.mock.calls.length,
        hashed: octets(digest.mock.calls, 1),
        printed: consoles.reduce((sum, { mock }) => sum + mock.calls.length, 0),
      };
      for (const spy of [decrypt, encrypt, digest, ...consoles]) spy.mockClear();
      return work;
    },
  };
}

/** A store in memory that counts how often it is asked, and how often it is told something. */
export function countingStore(now: () => number): RecordStore & { take(): { reads: number; writes: number } } {
  const store = memoryStore({ now });
  let reads = 0;
  let writes = 0;
  const written =
    <Arguments extends readonly unknown[], Result>(write: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      writes++;
      return write(...given);
    };
  return {
    ...store,
    read(key) {
      reads++;
      return store.read(key);
    },
    create: written(store.create),
    acquire: written(store.acquire),
    commit: written(store.commit),
    end: written(store.end),
    release: written(store.release),
    touch: written(store.touch),
    delete: written(store.delete),
    take() {
      const taken = { reads, writes };
      reads = 0;
      writes = 0;
      return taken;
    },
  };
}
