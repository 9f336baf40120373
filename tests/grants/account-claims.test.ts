import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";
import { otherSecret } from "../lib/web-app.ts";

const [ada, grace] = [{ owner: "ada" }, { owner: "grace" }];
const subject = "spotify-1";
const taken = { code: "account_taken" };

describe("an account at a provider", () => {
  it("belongs to one owner: another one's is refused and changes nothing, and says not whose it is", async () => {
    const { grants, tokens } = createGrantsWorld();
    await grants.save(ada, tokens(), { subject });
    await grants.save(ada, tokens(), { subject });
    const refused = await grants.save(grace, tokens("grace"), { subject }).catch((error: unknown) => error);
    expect(refused).toMatchObject(taken);
    expect(String(refused)).not.toContain("ada");
    expect([await grants.has(ada), await grants.has(grace)]).toEqual([true, false]);
    expect((await grants.list(ada))[0]?.subject).toBe(subject);
  });

  it("goes to one of many who claim it at once", async () => {
    const { again, tokens } = createGrantsWorld();
    const saves = Array.from({ length: 20 }, (_, index) => again().save({ owner: `${index}` }, tokens(), { subject }));
    const results = await Promise.allSettled(saves);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("moves where the app says so: the grant of before has ended", async () => {
    const { grants, tokens, types } = createGrantsWorld();
    await grants.save(ada, tokens(), { subject });
    await grants.save(grace, tokens(), { subject, onConflict: "replace" });
    expect([await grants.has(ada), await grants.has(grace), types()]).toEqual([false, true, ["grant.ended"]]);
    await expect(grants.save(ada, tokens(), { subject })).rejects.toMatchObject(taken);
  });

  it("is free once its grant has ended, by the app or by the provider", async () => {
    const { grants, tokens, clock, server } = createGrantsWorld();
    await grants.save(ada, tokens(), { subject });
    await grants.end(ada);
    await grants.save(grace, tokens(), { subject });
    clock.advance(3_600_001);
    server.revokeGrants();
    await expect(grants.of(grace).accessToken()).rejects.toMatchObject({ code: "reauth_required" });
    await grants.save(ada, tokens(), { subject });
    expect(await grants.has(ada)).toBe(true);
  });

  it("is not replaced by a second one of the same owner in silence", async () => {
    const { grants, tokens } = createGrantsWorld();
    await grants.save(ada, tokens(), { subject });
    await expect(grants.save(ada, tokens(), { subject: "spotify-2" })).rejects.toMatchObject({
      code: "another_account",
    });
    await grants.save(ada, tokens(), { subject: "spotify-2", onConflict: "replace" });
    await grants.save(grace, tokens(), { subject });
    await grants.save({ owner: "ada", account: "third" }, tokens(), { subject: "spotify-3" });
    expect((await grants.list(ada)).map((each) => each.subject).sort()).toEqual(["spotify-2", "spotify-3"]);
  });

  it("stays claimed as long as its grant is used", async () => {
    const { grants, tokens, clock } = createGrantsWorld({ options: { idle: 30 * 86_400 } });
    await grants.save(ada, tokens(), { subject });
    for (let days = 0; days < 90; days += 5) {
      clock.advance(5 * 86_400_000);
      await grants.of(ada).accessToken();
    }
    await expect(grants.save(grace, tokens(), { subject })).rejects.toMatchObject(taken);
  });

  it.each([{ subject: "" }, { subject: undefined }, { subject: 5 }, { onConflict: "merge" }, { subjct: "x" }])(
    "is not %j",
    async (options) => {
      const { grants, tokens } = createGrantsWorld();
      await expect(grants.save(ada, tokens(), options as object)).rejects.toMatchObject({ code: "invalid_option" });
    },
  );

  it("that an unknown secret has claimed stays so, unless that is to be overwritten", async () => {
    const { grants, again, tokens } = createGrantsWorld();
    await grants.save(ada, tokens(), { subject });
    const other = again({ secret: otherSecret });
    const refused = await other.save(grace, tokens("grace"), { subject }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "GrantError", code: "unknown_secret" });
    expect(String(refused)).not.toContain("ada");
    await expect(grants.save(grace, tokens("grace"), { subject })).rejects.toMatchObject(taken);
    await other.save(grace, tokens("grace"), { subject, overwriteUnknownSecret: true });
    await expect(other.save({ owner: "mary" }, tokens(), { subject })).rejects.toMatchObject(taken);
  });

  it("that was let go while it is claimed is claimed, and nobody else's claim is deleted", async () => {
    const { again, tokens, store } = createGrantsWorld();
    const deleted: string[] = [];
    let creates = 0;
    const grants = again({
      store: {
        ...store,
        create: (...given) => (++creates === 1 ? "exists" : store.create(...given)),
        delete(key) {
          deleted.push(key);
          return store.delete(key);
        },
      },
    });
    await grants.save(ada, tokens(), { subject });
    // The claim twice, and then the grant.
    expect([creates, deleted]).toEqual([3, []]);
    await expect(grants.save(grace, tokens(), { subject })).rejects.toMatchObject(taken);
  });
});
