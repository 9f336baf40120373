import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/tokens.ts";
import { memoryStore } from "../record/memory-store.ts";
import type { GrantContent } from "./grant-content.ts";
import { type GrantsOptions, readGrantsOptions } from "./grant-options.ts";
import { bytesOf, createGrantSeal } from "./grant-seal.ts";

const [one, other] = ["c2XSpGQ0mHkTk3PqUz7b1vYw9LdNf4RjEoVhAx8ZsKg", "Qb7nWc4ZyTg2KmXrVd9LpHs6JfUe1AoNi3RtBx8YkMw"];
const content: GrantContent = {
  ...{
    owner: "ada",
    provider: "spotify",
    account: null,
    subject: null,
    id: "id",
    line: "id",
    issuer: spotify.issuer,
    clientId: "client",
  },
  ...{ tokens: tokensWith(), kept: {}, fence: 3, epoch: 0, warned: false },
};
const sealWith = (change: Partial<GrantsOptions> = {}) =>
  createGrantSeal(
    readGrantsOptions({
      ...{ providers: { spotify: { provider: spotify, clientId: "client" } }, secret: one },
      ...{ store: memoryStore({ now: () => moment }), now: () => moment + 100 * 365 * 86_400_000, ...change },
    }),
  );

describe("the seal of a grant", () => {
  it("opens under its own key, years later, with what is derived from its tokens", async () => {
    const { sealed } = await sealWith().seal(content, "key");
    expect(await sealWith().open("key", sealed, "grant")).toMatchObject({
      ...{ ...content, key: "key", sealed, stale: false },
      ...{ tokenExpiresAt: moment + 3_600_000, refreshDueAt: moment + 3_480_000 },
    });
    expect(await sealWith().open("another", sealed, "grant")).toMatchObject({ code: "grant_unreadable" });
  });

  it("is opened once: the same text gives the same object", async () => {
    const seal = sealWith();
    const grant = await seal.seal(content, "key");
    expect(await seal.open("key", grant.sealed, "grant")).toBe(grant);
    expect(bytesOf("seal")).toBe(1208);
  });

  it("of a previous secret opens and is stale; that of an unknown one says so and what to write", async () => {
    const { sealed } = await sealWith().seal(content, "key");
    expect(await sealWith({ secret: [other, one] }).open("key", sealed, "grant")).toMatchObject({ stale: true });
    expect(await sealWith({ secret: other }).open("key", sealed, "grant of ada")).toMatchObject({
      code: "unknown_secret",
      message: expect.stringContaining("grant of ada"),
    });
  });

  it("of another app, with the same secret, does not open", async () => {
    const { sealed } = await sealWith({ name: "other" }).seal(content, "key");
    expect(await sealWith().open("key", sealed, "grant")).toMatchObject({ code: "grant_unreadable" });
  });

  it("that was tampered with does not open", async () => {
    const { sealed } = await sealWith().seal(content, "key");
    const change = sealed.slice(0, -3) + (sealed.at(-3) === "A" ? "B" : "A") + sealed.slice(-2);
    expect(await sealWith().open("key", change, "grant")).toMatchObject({ code: "grant_unreadable" });
  });
});
