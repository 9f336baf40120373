import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/tokens.ts";
import { type GrantContent, type PackedGrant, packGrant, unpackGrant } from "./grant-content.ts";

const content: GrantContent = {
  ...{
    owner: "ada",
    provider: "spotify",
    account: null,
    subject: null,
    id: "id",
    line: "id",
    issuer: "https://as.example",
    clientId: "client",
  },
  ...{ tokens: tokensWith(), kept: {}, fence: 3, epoch: 2, warned: false },
};
const throughJson = (packed: PackedGrant): PackedGrant => JSON.parse(JSON.stringify(packed));

describe("the sealed form of a grant", () => {
  it.each([
    content,
    { ...content, kept: { instance_url: "https://acme.example" } },
    { ...content, line: "the first one's" },
    { ...content, warned: true, account: "work", subject: "ada-1815", tokens: tokensWith({ authorizedAt: null }) },
  ])("is read as it was written", (each) => {
    expect(unpackGrant(throughJson(packGrant(each)))).toEqual(each);
  });

  it("keeps all of the tokens", () => {
    expect(Object.keys(packGrant(content).t)).toEqual(Object.keys(tokensWith()));
    expect(packGrant(content).t.createdAt).toBe(moment);
  });

  it.each([{ v: 2 }, { n: "ada" }, { f: 1.5 }, { e: "0" }, { t: {} }, { k: [] }, { k: { at: "x".repeat(512) } }])(
    "is not read where it is another: %j",
    (change) => {
      expect(unpackGrant({ ...packGrant(content), ...change } as unknown as PackedGrant)).toBeNull();
    },
  );
});
