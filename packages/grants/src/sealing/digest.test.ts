import { describe, expect, it } from "vitest";
import { digest, storeKey } from "./digest.ts";

describe("the store's key of a session", () => {
  it("is the SHA-256 of its id as base64url: stores hold keys that older versions have made", async () => {
    expect(await storeKey("A".repeat(43))).toBe("DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo");
  });
});

describe("digest", () => {
  it("agrees with the vectors of FIPS 180-4", async () => {
    expect(await digest("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    expect(await digest("")).toBe("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
  });

  it("has 43 characters of base64url for whatever is hashed", async () => {
    for (let count = 0; count < 50; count++) expect(await digest(`é ${count}`)).toMatch(/^[\w-]{43}$/);
  });
});
