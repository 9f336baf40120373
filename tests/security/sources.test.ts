import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";

const sources = [...trackedFiles(fileURLToPath(new URL("../..", import.meta.url)))].filter(
  ([path]) => /^packages\/(?!testing\/)[^/]+\/src\/.*\.ts$/.test(path) && !/\.(test|facts)\.ts$/.test(path),
);

/** What the code says, without what it says about itself. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

const absent: Readonly<Record<string, RegExp>> = {
  "B2 O8 a token in a query": /[?&]access_token=|searchParams\.\w+\(\s*["'`](access|refresh)_token/,
  "B8 a way around TLS": /rejectUnauthorized|NODE_TLS_REJECT|checkServerIdentity|insecureHTTPParser/,
  "X13 the password grant": /grant_type["']?\s*[:,]\s*["']password/,
  "X14 an implicit grant": /response_type["']?\s*[:,]\s*["']((id_)?token|code )|id_token token/,
  "P2 V58 a random number that can be guessed, where it would be a secret": /Math\.random\(\)/,
  "A33 a redirect that repeats a POST": /redirect\(\s*30[178]|status\s*[:=]\s*30[178]\b/,
  // A preset may send one: that is a member, `"User-Agent":`.
  "V32 V36 an address or a User-Agent": /x-forwarded-for|x-real-ip|user-agent(?!":)|remoteAddress|forwarded-host/i,
  "V39 V46 an Authorization header of a request": /header\(\s*["'`]authorization["'`]\s*\)/i,
  "V48 an algorithm that a client chooses": /decodeProtectedHeader|alg:\s*["']none|"dir"/,
  "V21 a normalisation": /\.normalize\(/,
  "V53 compression": /CompressionStream|zlib|inflate|gunzip/,
  "V6 code from text": /new Function\(|(?<=[=(,]\s*)eval\(/,
};

describe("what the packages do not contain", () => {
  for (const [what, pattern] of Object.entries(absent)) {
    it(what, () => {
      const found = sources.filter(([, text]) => pattern.test(code(text))).map(([path]) => path);
      expect(found).toEqual([]);
      expect(sources.length).toBeGreaterThan(60);
    });
  }
});
