import type { ConnectingOptions, NewLogin } from "@pixy/server";
import { describe, expect, it } from "vitest";
import type { SharingApp, SharingAppInput } from "../lib/sharing-app.ts";

const origin = "https://app.example";
const me = `${origin}/me`;
const hour = 3_600_000;
const owner = "user-42";
const ofOwner = { owner: () => owner };
const logins = ({ provider }: SharingApp) => provider.tokenRequests("authorization_code").length;
const refreshes = ({ provider }: SharingApp) => provider.tokenRequests("refresh_token").length;
const revocations = ({ provider }: SharingApp) => provider.requests.filter(({ kind }) => kind === "revoke").length;

/** What sessions that share their owner's grant promise, whatever store keeps both. */
export function describeSharing(begin: (input?: SharingAppInput) => SharingApp): void {
  describe("two browsers of one person, and a job", () => {
    it("share one grant: one refresh for all, and a rotating provider finds nobody's token used twice", async () => {
      const app = begin({ options: ofOwner, server: { rotation: "strict" } });
      const browsers = [await app.loggedIn(), await app.loggedIn()];
      app.clock.advance(hour);
      const pages = await Promise.all(browsers.flatMap((each) => [each.call(me), each.call(me)]));
      expect((await app.grants.of({ owner }).fetch("/v1/me")).status).toBe(200);
      expect([pages.map(({ status }) => status), refreshes(app)]).toEqual([[200, 200, 200, 200], 1]);
      expect(app.provider.violations).toEqual([]);
    });

    it("part: a logout ends one session and nothing else", async () => {
      const app = begin({ options: ofOwner });
      const [one, two] = [await app.loggedIn(), await app.loggedIn()];
      expect((await one.submit(`${origin}/auth/logout`, {}, { follow: false })).status).toBe(303);
      expect([(await app.session(one)).loggedIn, (await two.call(me)).status, revocations(app)]).toEqual([
        false,
        200,
        0,
      ]);
      expect(await app.grants.has({ owner })).toBe(true);
    });

    it("are both ended by the end of the grant, and the next login brings the old one not back", async () => {
      const app = begin({ options: ofOwner });
      const [one, two] = [await app.loggedIn(), await app.loggedIn()];
      await app.grants.end({ owner });
      expect(JSON.parse((await one.call(me)).body).code).toBe("login_required");
      const three = await app.loggedIn();
      expect([(await three.call(me)).status, (await two.call(me)).status, revocations(app)]).toEqual([200, 401, 1]);
    });
  });

  describe("a second login", () => {
    const playlists = `${origin}/playlists`;

    /** Somebody who has granted the playlists, too. */
    async function steppedUp(options: Partial<ConnectingOptions> = {}) {
      const app = begin({ options: { ...ofOwner, ...options } });
      const browser = await app.loggedIn();
      expect((await browser.login(playlists, { person: "ada" })).status).toBe(200);
      return { app, browser };
    }

    it("asks for the union of the scopes where it brought fewer, and the first browser keeps what it had", async () => {
      const { app, browser } = await steppedUp();
      const second = app.browser();
      const again = await second.login(me, { person: "ada" });
      expect(new URL(again.url).searchParams.get("scope")).toBe("user-read-private playlist-read-private");
      const page = await second.login(again.url, { person: "ada" });
      expect([page.url, page.status]).toEqual([me, 200]);
      expect([(await second.call(playlists)).status, (await browser.call(playlists)).status]).toEqual([200, 200]);
      expect(app.provider.violations).toEqual([]);
    });

    it("replaces no grant by one of fewer scopes where the person says no to the others: that is told", async () => {
      const { app, browser } = await steppedUp();
      app.provider.fault({ at: "token", kind: "members", set: { scope: "user-read-private" } });
      const second = app.browser();
      const again = await second.login(me, { person: "ada" });
      await second.login(again.url, { person: "ada" });
      expect(app.events).toContainEqual({ type: "grant.kept", provider: null, missing: ["playlist-read-private"] });
      app.provider.clearFaults();
      expect([(await second.call(me)).status, (await browser.call(playlists)).status]).toEqual([200, 200]);
    });

    it("of another account is refused, and leaves the grant and its sessions alone", async () => {
      const app = begin({ options: ofOwner });
      const one = await app.loggedIn();
      const other = await app.loggedIn("grace");
      expect([other.page?.status, /Another account/.test(other.page?.body ?? "")]).toEqual([403, true]);
      expect([(await one.call(me)).status, (await app.session(other)).loggedIn]).toEqual([200, false]);
    });

    it("of another account takes its place where the app says so: the sessions of the one before are over", async () => {
      const app = begin({ options: { ...ofOwner, onConflict: "replace" } });
      const one = await app.loggedIn();
      const other = await app.loggedIn("grace");
      expect([(await other.call(me)).json(), (await one.call(me)).status]).toMatchObject([{ id: "grace-1906" }, 401]);
    });

    it("of an account that another owner has is refused", async () => {
      let count = 0;
      const app = begin({ options: { owner: () => `user-${++count}` } });
      const one = await app.loggedIn();
      const other = await app.loggedIn();
      expect([other.page?.status, (await one.call(me)).status]).toEqual([403, 200]);
    });
  });

  describe("endAll", () => {
    it("ends every session and grant of the owner, and what is logging in at this moment", async () => {
      const state: { end: (() => Promise<void>) | null } = { end: null };
      const app = begin({
        options: {
          ...ofOwner,
          onLogin: async () => {
            await state.end?.();
            return null;
          },
        },
      });
      const browsers = [await app.loggedIn(), await app.loggedIn()];
      await app.auth.endAll(owner);
      for (const each of browsers) expect((await each.call(me)).status).toBe(401);
      expect([await app.grants.has({ owner }), await app.auth.sessionsOf(owner)]).toEqual([false, []]);
      state.end = () => app.auth.endAll(owner);
      const late = await app.loggedIn();
      expect([late.page?.status, (await app.session(late)).loggedIn]).toEqual([401, false]);
      state.end = null;
      expect((await (await app.loggedIn()).call(me)).status).toBe(200);
      expect(logins(app)).toBe(4);
    });

    it("ends all, also those whose record could not be deleted, and may be called again", async () => {
      const state = { isAway: false };
      const app = begin({
        options: ofOwner,
        store: (store) => ({
          delete(key) {
            if (state.isAway) throw new Error("ECONNRESET");
            return store.delete(key);
          },
        }),
      });
      const browser = await app.loggedIn();
      state.isAway = true;
      await expect(app.auth.endAll(owner)).rejects.toMatchObject({ code: "store_unavailable" });
      expect((await browser.call(me)).status).toBe(401);
      state.isAway = false;
      await app.auth.endAll(owner);
      expect(revocations(app)).toBe(1);
    });

    it("leaves other people alone", async () => {
      const app = begin();
      const [ada, grace] = [await app.loggedIn("ada"), await app.loggedIn("grace")];
      await app.auth.endAll("spotify:ada-1815");
      expect([(await ada.call(me)).status, (await grace.call(me)).status]).toEqual([401, 200]);
    });
  });

  describe("an administrator", () => {
    it("lists the sessions of a person and ends one", async () => {
      const app = begin({ options: { ...ofOwner, onLogin: (login: NewLogin) => ({ name: login.clientId }) } });
      const [one, two] = [await app.loggedIn(), await app.loggedIn()];
      const sessions = await app.auth.sessionsOf(owner);
      expect(sessions).toHaveLength(2);
      expect(sessions[0]).toMatchObject({
        owner,
        data: { name: "client-of-the-app" },
        createdAt: new Date(app.clock.now()),
      });
      expect(await app.auth.endSession(owner, sessions[0]?.id ?? "")).toBe(true);
      expect(await app.auth.endSession(owner, sessions[0]?.id ?? "")).toBe(false);
      expect(await app.auth.endSession("somebody else", sessions[1]?.id ?? "")).toBe(false);
      const left = await Promise.all([one, two].map(async (each) => (await each.call(me)).status));
      expect(left.sort()).toEqual([200, 401]);
    });
  });
}
