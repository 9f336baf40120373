import { createHash } from "node:crypto";
import { afterEach, expect, it, vi } from "vitest";
import { byNode, byWebCrypto, sha256 } from "./digest.ts";

afterEach(() => vi.unstubAllGlobals());

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

it.each([
  ["sha256", sha256],
  ["Node's own", byNode],
  ["WebCrypto", byWebCrypto],
])("%s gives the challenge of RFC 7636 Appendix B", async (_name, digest) => {
  expect(await digest(verifier)).toBe(challenge);
});

it.each(["", "a", "ü", "\ud800", "x".repeat(1000), "+/="])("both ways agree about %j", async (text) => {
  const expected = createHash("sha256").update(text).digest("base64url");
  expect(byNode(text)).toBe(expected);
  expect(await byWebCrypto(text)).toBe(expected);
});

it.each([
  ["there is no process", undefined],
  ["a process is a bundler's stand-in", { env: {} }],
  ["the runtime has a process without node:crypto", { getBuiltinModule: () => undefined }],
  ["node:crypto is older than its hash", { getBuiltinModule: () => ({}) }],
  ["its functions throw, as those of Next's edge runtime", { getBuiltinModule: vi.fn().mockThrow(new Error("edge")) }],
])("takes WebCrypto where %s", async (_name, process) => {
  vi.stubGlobal("process", process);
  expect(byNode(verifier)).toBeNull();
  expect(await sha256(verifier)).toBe(challenge);
});
