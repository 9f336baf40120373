import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { secret, settingsWith } from "../../test/settings.ts";
import type { NewLogin } from "./login-handler.ts";
import type { PixyOptions } from "./options.ts";
import { readSharing, type Sharing, storeOf } from "./sharing.ts";

const { ways } = settingsWith();
const store = memoryStore({ now: () => 0 });
const grants = createGrants({ providers: { spotify: { provider: spotify, clientId: "client" } }, secret, store });
const read = (options: Partial<PixyOptions<unknown>>) => readSharing(options as PixyOptions<unknown>, ways);
const someone = (): string => "user";
const login = { provider: null, claims: { sub: "1" } } as unknown as NewLogin;

describe("sessions that share grants", () => {
  it.each([
    [{}, false],
    [{ grants, ownerOf: someone }, false],
    [{ grants }, true],
    [{ grants, owner: someone }, true],
    [{ grants, owner: someone, ownerOf: someone }, true],
  ])("are those of an app with %o: %s", (options, shares) => {
    expect(read(options) !== null).toBe(shares);
    expect(storeOf(options as PixyOptions<unknown>)).toBe(shares ? store : undefined);
  });

  it("are their owner's by the app's word, else by the provider's key and the account", async () => {
    expect(await (read({ grants }) as Sharing).placeOf(login)).toEqual({ owner: "spotify:1", subject: "1" });
    const named = read({ grants, owner: async () => "user-42" }) as Sharing;
    expect(await named.placeOf(login)).toEqual({ owner: "user-42", subject: "1" });
    const empty = read({ grants, owner: () => "" }) as Sharing;
    await expect(empty.placeOf(login)).rejects.toMatchObject({ option: "owner" });
  });
});
