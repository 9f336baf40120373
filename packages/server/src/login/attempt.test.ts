import { describe, expect, it } from "vitest";
import { moment, remembered } from "../../test/content.ts";
import { returnPath } from "../../test/settings.ts";
import { type Attempt, type PackedAttempt, packAttempt, unpackAttempt } from "./attempt.ts";

const attempt: Attempt = {
  ...{ state: "s".repeat(43), verifier: "v".repeat(43), clientId: "client", scope: ["a", "b"] },
  ...{ returnTo: returnPath("/me"), extra: {}, owner: null, startedAt: moment, ...remembered },
};
const { provider, issuer } = remembered;
const opened = (packed: object) =>
  unpackAttempt(JSON.parse(JSON.stringify(packed)) as PackedAttempt, { provider, issuer }, (path) => returnPath(path));

describe("the sealed form of an attempt", () => {
  it.each([{}, { extra: { nonce: "n" } }, { owner: "digest" }, { tokenEndpoint: "https://accounts.example/token" }])(
    "is read as it was: %j",
    (change) => {
      const given = { ...attempt, ...change };
      expect(opened(packAttempt(given))).toEqual(given);
    },
  );

  it.each([{ s: 1 }, { v: null }, { c: [] }, { r: {} }, { q: "a" }, { t: "now" }])("is nothing with %j", (change) => {
    expect(opened({ ...packAttempt(attempt), ...change })).toBeNull();
  });
});
