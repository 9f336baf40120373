import { describe, expect, it } from "vitest";
import { moment } from "../test/content.ts";
import { settingsWith } from "../test/settings.ts";
import type { CookieEntry } from "./cookies.ts";
import type { PixyOptions } from "./options.ts";
import { createPendingLogins } from "./pending-login.ts";

const wanted = { clientId: "client-of-the-app", scope: ["user-read-private"], returnTo: "/me" };
const minute = 60_000;

function world(change: Partial<PixyOptions<undefined>> = {}) {
  const clock = { at: moment };
  return { clock, pending: createPendingLogins(settingsWith({ now: () => clock.at, ...change })) };
}

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

describe("a pending login", () => {
  it("is found again by its state, in the browser that holds its cookie", async () => {
    const { pending } = world();
    const { login, challenge, setCookies } = await pending.create(wanted, []);
    expect(login).toMatchObject({ ...wanted, startedAt: moment });
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(setCookies).toEqual([
      expect.stringMatching(/^__Host-pixy-login-[\w-]{12}=[\w.~-]+; Max-Age=900; .*HttpOnly/),
    ]);
    expect(await pending.find(login.state, after(setCookies))).toEqual({ login });
    expect(await pending.find(login.state, [])).toEqual({ problem: "absent" });
  });

  it("has a state and a verifier of its own, which its cookie does not show", async () => {
    const { pending } = world();
    const [one, two] = await Promise.all([pending.create(wanted, []), pending.create(wanted, [])]);
    expect(one.login.state).not.toBe(two.login.state);
    expect(one.login.verifier).not.toBe(two.login.verifier);
    for (const hidden of [one.login.state, one.login.verifier]) expect(String(one.setCookies)).not.toContain(hidden);
  });

  it("is not found by a state that merely begins like its own, nor by one of two cookies of its name", async () => {
    const { pending } = world();
    const { login, setCookies } = await pending.create(wanted, []);
    const alike = login.state.slice(0, 12) + "A".repeat(31);
    const present = after(setCookies);
    for (const other of [alike, `${login.state}A`, login.state.slice(0, 42)]) {
      expect(await pending.find(other, present)).toEqual({ problem: "absent" });
    }
    expect(await pending.find(login.state, [...present, ...present])).toEqual({ problem: "absent" });
  });

  it("lasts 15 minutes", async () => {
    const { pending, clock } = world();
    const { login, setCookies } = await pending.create(wanted, []);
    clock.at += 15 * minute - 1;
    expect(await pending.find(login.state, after(setCookies))).toEqual({ login });
    clock.at += 1;
    expect(await pending.find(login.state, after(setCookies))).toEqual({ problem: "expired" });
  });

  it("is no login of another app, client or secret", async () => {
    const { login, setCookies } = await world().pending.create(wanted, []);
    const others = [{ clientId: "another" }, { secret: "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y" }];
    for (const change of others) {
      expect(await world(change).pending.find(login.state, after(setCookies))).toEqual({ problem: "unreadable" });
    }
  });

  it("leads to the start page where its own would make the cookie too long for a browser", async () => {
    const { pending } = world();
    const { login } = await pending.create({ ...wanted, returnTo: `/${"x".repeat(4_000)}` }, []);
    expect(login.returnTo).toBe("/");
  });
});

describe("pending logins of one browser", () => {
  it("are five at most; the oldest goes first", async () => {
    const { pending, clock } = world();
    let present: CookieEntry[] = [];
    const states: string[] = [];
    for (let count = 0; count < 6; count++) {
      const { login, setCookies } = await pending.create(wanted, present);
      states.push(login.state);
      present = after(setCookies, present);
      clock.at += minute;
    }
    const found = await Promise.all(states.map((state) => pending.find(state, present)));
    expect(found.map((result) => "login" in result)).toEqual([false, true, true, true, true, true]);
  });

  it("fit into 4 KiB of cookies together, since servers refuse longer headers", async () => {
    const { pending, clock } = world();
    let present: CookieEntry[] = [];
    for (let count = 0; count < 5; count++) {
      clock.at += 1;
      const { setCookies } = await pending.create({ ...wanted, returnTo: `/${"x".repeat(1_000)}` }, present);
      present = after(setCookies, present);
    }
    const octets = present.reduce((sum, { name, value }) => sum + name.length + value.length + 3, 0);
    expect(present.length).toBeGreaterThan(1);
    expect(octets).toBeLessThanOrEqual(4_096);
  });

  it("make room by those that nobody can read", async () => {
    const { pending } = world();
    const junk = Array.from({ length: 5 }, (_, index) => ({ name: `__Host-pixy-login-junk${index}`, value: "junk" }));
    const { login, setCookies } = await pending.create(wanted, []);
    const next = await pending.create(wanted, [...junk, ...after(setCookies)]);
    const present = after(next.setCookies, [...junk, ...after(setCookies)]);
    expect(await pending.find(login.state, present)).toMatchObject({ login: { state: login.state } });
    expect(present).toHaveLength(5);
  });

  it("are forgotten one by one, or all that the request has brought and nothing else", async () => {
    const { pending } = world();
    const first = await pending.create(wanted, []);
    const second = await pending.create(wanted, after(first.setCookies));
    const both = after(second.setCookies, after(first.setCookies));
    const left = after(pending.forget(first.login.state), both);
    expect(left.map(({ name }) => name)).toEqual([`__Host-pixy-login-${second.login.state.slice(0, 12)}`]);
    const others = [{ name: "__Host-pixy", value: "session" }];
    expect(after(pending.forgetAll([...both, ...others]), [...both, ...others])).toEqual(others);
  });
});
