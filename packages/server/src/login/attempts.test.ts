import { describe, expect, it } from "vitest";
import { moment, remembered } from "../../test/content.ts";
import { returnPath, settingsWith } from "../../test/settings.ts";
import type { PixyOptions } from "../settings/options.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { setCookieLine } from "../web/set-cookie.ts";
import { createAttempts } from "./attempts.ts";

const wanted = {
  clientId: "client-of-the-app",
  scope: ["user-read-private"],
  returnTo: returnPath("/me"),
  owner: null,
  ...remembered,
};
const minute = 60_000;

function world(change: Partial<PixyOptions<undefined>> = {}) {
  const clock = { at: moment };
  const attempts = createAttempts(settingsWith({ now: () => clock.at, ...change }));
  /** Begins one in a browser that holds these cookies, with that much room in the answer. */
  async function create(wish: typeof wanted, present: readonly CookieEntry[], room = 3_000) {
    const begun = await attempts.begin(wish);
    return { ...begun, setCookies: (await attempts.keep(begun.attempt, present, room)).map(setCookieLine) };
  }
  return { clock, attempts, create };
}

const junk = (count: number, first = 0): CookieEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `__Host-pixy-login-junk${String(first + index).padStart(8, "0")}`,
    value: "junk",
  }));

/** The names that these Set-Cookie lines clear. */
const cleared = (lines: readonly string[]) =>
  lines.filter((line) => line.includes("=; Max-Age=0;")).map((line) => line.slice(0, line.indexOf("=")));

/** What the browser holds after these Set-Cookie lines. */
function after(lines: readonly string[], present: readonly CookieEntry[] = []): CookieEntry[] {
  const jar = new Map(present.map(({ name, value }) => [name, value]));
  for (const line of lines) {
    const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
  return [...jar].map(([name, value]) => ({ name, value }));
}

describe("an attempt", () => {
  it("is found again by its state, in the browser that holds its cookie", async () => {
    const { attempts, create } = world();
    const { attempt, challenge, setCookies } = await create(wanted, []);
    expect(attempt).toMatchObject({ ...wanted, startedAt: moment });
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(setCookies).toEqual([
      expect.stringMatching(/^__Host-pixy-login-[\w-]{12}=[\w.~-]+; Max-Age=900; .*HttpOnly/),
    ]);
    expect(await attempts.find(attempt.state, after(setCookies), null)).toEqual({ attempt });
    expect(await attempts.find(attempt.state, [], null)).toEqual({ problem: "absent" });
  });

  it("has a state and a verifier of its own, which its cookie does not show", async () => {
    const { create } = world();
    const [one, two] = await Promise.all([create(wanted, []), create(wanted, [])]);
    expect(one.attempt.state).not.toBe(two.attempt.state);
    expect(one.attempt.verifier).not.toBe(two.attempt.verifier);
    for (const hidden of [one.attempt.state, one.attempt.verifier])
      expect(String(one.setCookies)).not.toContain(hidden);
  });

  it("is not found by a state that merely begins like its own, nor by one of two cookies of its name", async () => {
    const { attempts, create } = world();
    const { attempt, setCookies } = await create(wanted, []);
    const alike = attempt.state.slice(0, 12) + "A".repeat(31);
    const present = after(setCookies);
    for (const other of [alike, `${attempt.state}A`, attempt.state.slice(0, 42)]) {
      expect(await attempts.find(other, present, null)).toEqual({ problem: "absent" });
    }
    expect(await attempts.find(attempt.state, [...present, ...present], null)).toEqual({ problem: "absent" });
  });

  it("lasts 15 minutes", async () => {
    const { attempts, clock, create } = world();
    const { attempt, setCookies } = await create(wanted, []);
    clock.at += 15 * minute - 1;
    expect(await attempts.find(attempt.state, after(setCookies), null)).toEqual({ attempt });
    clock.at += 1;
    expect(await attempts.find(attempt.state, after(setCookies), null)).toEqual({ problem: "expired" });
  });

  it("is none of another app, client or secret", async () => {
    const { attempt, setCookies } = await world().create(wanted, []);
    const others = [{ clientId: "another" }, { secret: "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y" }];
    for (const change of others) {
      expect(await world(change).attempts.find(attempt.state, after(setCookies), null)).toEqual({
        problem: "unreadable",
      });
    }
  });

  it("leads to the start page where its own would make the answer's headers too long", async () => {
    const { attempts, create } = world();
    const returnTo = returnPath(`/${"x".repeat(1_500)}`);
    const kept = async (room: number) => {
      const { attempt, setCookies } = await create({ ...wanted, returnTo }, [], room);
      return { found: await attempts.find(attempt.state, after(setCookies), null), octets: setCookies.join("").length };
    };
    expect((await kept(3_000)).found).toMatchObject({ attempt: { returnTo } });
    const short = await kept(2_000);
    expect(short.found).toMatchObject({ attempt: { returnTo: "/" } });
    expect(short.octets).toBeLessThan(2_000);
  });

  it("is not opened where its cookie is longer than any of ours", async () => {
    const { attempts, create } = world();
    const { attempt, setCookies } = await create(wanted, []);
    const long = after(setCookies).map(({ name, value }) => ({ name, value: value + "A".repeat(4_096) }));
    expect(await attempts.find(attempt.state, long, null)).toEqual({ problem: "unreadable" });
  });
});

describe("attempts of one browser", () => {
  it("are five at most; the oldest goes first", async () => {
    const { attempts, clock, create } = world();
    let present: CookieEntry[] = [];
    const states: string[] = [];
    for (let count = 0; count < 6; count++) {
      const { attempt, setCookies } = await create(wanted, present);
      states.push(attempt.state);
      present = after(setCookies, present);
      clock.at += minute;
    }
    const found = await Promise.all(states.map((state) => attempts.find(state, present, null)));
    expect(found.map((result) => "attempt" in result)).toEqual([false, true, true, true, true, true]);
  });

  it("fit into 4 KiB of cookies together, since servers refuse longer headers", async () => {
    const { clock, create } = world();
    let present: CookieEntry[] = [];
    for (let count = 0; count < 5; count++) {
      clock.at += 1;
      const { setCookies } = await create({ ...wanted, returnTo: returnPath(`/${"x".repeat(1_000)}`) }, present);
      present = after(setCookies, present);
    }
    const octets = present.reduce((sum, { name, value }) => sum + name.length + value.length + 3, 0);
    expect(present.length).toBeGreaterThan(1);
    expect(octets).toBeLessThanOrEqual(4_096);
  });

  it("D1 are counted by their place in the header, the newest last, and none is opened", async () => {
    const { attempts, create } = world();
    const { attempt, setCookies } = await create(wanted, []);
    const next = await create(wanted, [...junk(5), ...after(setCookies)]);
    const present = after(next.setCookies, [...junk(5), ...after(setCookies)]);
    expect(await attempts.find(attempt.state, present, null)).toMatchObject({ attempt: { state: attempt.state } });
    expect(present.map(({ name }) => name)).toEqual([
      ...junk(3, 2).map(({ name }) => name),
      ...after([...setCookies, ...next.setCookies]).map(({ name }) => name),
    ]);
  });

  it("D1 go a few at a time where a browser brings many, the oldest first, and two where there is no room", async () => {
    const { create } = world();
    const names = junk(40).map(({ name }) => name);
    const many = cleared((await create(wanted, junk(40), 3_000)).setCookies);
    expect(many).toEqual(names.slice(0, many.length));
    expect(many.length).toBeGreaterThan(20);
    expect(many.length).toBeLessThan(36);
    expect(cleared((await create(wanted, junk(40), 600)).setCookies)).toEqual(names.slice(0, 2));
  });

  it("D1 have names of one form; what merely begins like one is left alone", async () => {
    const { attempts, create } = world();
    const foreign = ["short", "thirteen-char", "with a space", "m\u00fcsli-m\u00fcsli", 'quoted"quote', ""].map(
      (end) => ({
        ...{ name: `__Host-pixy-login-${end}`, value: "v" },
      }),
    );
    expect(cleared((await create(wanted, [...foreign, ...foreign])).setCookies)).toEqual([]);
    expect(attempts.forgetAll(foreign)).toEqual([]);
  });

  it("are forgotten one by one, or all that the request has brought and nothing else", async () => {
    const { attempts, create } = world();
    const first = await create(wanted, []);
    const second = await create(wanted, after(first.setCookies));
    const both = after(second.setCookies, after(first.setCookies));
    const left = after([setCookieLine(attempts.forget(first.attempt.state))], both);
    expect(left.map(({ name }) => name)).toEqual([`__Host-pixy-login-${second.attempt.state.slice(0, 12)}`]);
    const others = [{ name: "__Host-pixy", value: "session" }];
    expect(after(attempts.forgetAll([...both, ...others]).map(setCookieLine), [...both, ...others])).toEqual(others);
  });

  it("D3 are forgotten ten at a logout, the newest, which live the longest", () => {
    const names = junk(40).map(({ name }) => name);
    expect(
      cleared(
        world()
          .attempts.forgetAll([...junk(40), ...junk(40)])
          .map(setCookieLine),
      ),
    ).toEqual(names.slice(30).reverse());
  });
});
