/** What strangers send to find out what one request can cost us. */
export interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const page = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" };

export const call = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "sec-fetch-site": "same-origin" };

/** The stem of the app's cookies. */
export const name = "__Host-app";

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const id = (index: number) => String(index).padStart(12, "i");

// No two seals are alike, so that nothing is remembered of the one before.
let salt = 0;

/** Cookies as a stranger writes them, anew for each request; `key` names the app's secret, and is no secret itself. */
export function strangersCookies(key: string, logins: readonly string[]): Readonly<Record<string, readonly string[]>> {
  // What only opening can tell from a seal of ours.
  const sealed = (octets: number) =>
    [
      key,
      "A".repeat(54),
      "A".repeat(16),
      "A".repeat(Math.floor((octets - 104) / 4) * 4),
      id(salt++).padEnd(22, "A"),
    ].join(".");
  const whole = sealed(7_400);
  const parts = [`${name}.0=2~${whole.slice(0, 3_700)}`, `${name}.1=${whole.slice(3_700)}`];
  return {
    none: [],
    "logins of ours": logins,
    "logins of somebody else": many(
      40,
      (index) => `${name}-login-${id(index)}=${sealed(340).replace(key, "AAAAAAAA")}`,
    ),
    "hundreds of logins, and every form of the session": [
      ...["", ".0", ".1"].map((form) => `${name}${form}=v`),
      `${name}-done=v`,
      ...many(600, (index) => `${name}-login-${id(index)}=`),
    ],
    "hundreds of logins with short names": many(600, (index) => `${name}-login-${index}=`),
    "one login, often": many(40, () => logins[0] ?? ""),
    "logins with names that no cookie may have": many(
      40,
      (index) => `${name}-login-m\u00fcsli "${index}"=${"v".repeat(300)}`,
    ),
    "a session in one cookie": [`${name}=${sealed(3_700)}`],
    "a session in two cookies": parts,
    "a session that is longer than any": [`${name}=${sealed(15_000)}`],
    "a session in two cookies that are longer than any": [
      `${name}.0=2~${sealed(7_000)}`,
      `${name}.1=${"A".repeat(7_000)}`,
    ],
    "the session in every form": ["", ...many(10, (index) => `.${index}`)].map((form) => `${name}${form}=v`),
    "an id of no session": [`${name}=${"A".repeat(43)}`],
    "finished logins": [
      `${name}-done=${many(900, () => "A".repeat(16))
        .join(".")
        .slice(0, 14_000)}`,
    ],
    "thousands of names": many(3_000, () => `${name}=`),
    everything: [...parts, `${name}-done=${"A".repeat(1_000)}`, ...logins],
  };
}

/** What a stranger asks for; `state` is that of an attempt of their own, whose cookie they send last. */
export const strangersRequests: Readonly<Record<string, (state: string) => Asked>> = {
  login: () => ({ path: "/auth/login", headers: page }),
  "login, back to far": () => ({ path: `/auth/login?returnTo=/${"x".repeat(2_000)}`, headers: page }),
  "login, back to far in letters that grow": () => ({
    path: `/auth/login?returnTo=/${encodeURIComponent("\u3002".repeat(220))}`,
    headers: page,
  }),
  "login, thousands of parameters": () => ({ path: `/auth/login?${"a&".repeat(6_000)}`, headers: page }),
  "login, ahead": () => ({ path: "/auth/login", headers: { ...page, "sec-purpose": "prefetch" } }),
  "refresh, back to far": () => ({
    path: `/auth/refresh?refused=${"A".repeat(16)}&returnTo=/${"x".repeat(2_000)}`,
    headers: page,
  }),
  "login, no page": () => ({ path: "/auth/login", headers: call }),
  "callback, a state of nobody": () => ({ path: `/auth/callback?code=c&state=${"S".repeat(43)}`, headers: page }),
  "callback, a long state": () => ({ path: `/auth/callback?code=c&state=${"S".repeat(12_000)}`, headers: page }),
  "callback, a wrong code": (state) => ({ path: `/auth/callback?code=c&state=${state}`, headers: page }),
  "callback, a long code": (state) => ({
    path: `/auth/callback?code=${"c".repeat(9_000)}&state=${state}`,
    headers: page,
  }),
  "callback, an error": (state) => ({
    path: `/auth/callback?error=${encodeURIComponent("%".repeat(300))}&state=${state}`,
    headers: page,
  }),
  "callback, thousands of parameters": (state) => ({
    path: `/auth/callback?${"a&".repeat(5_000)}code=c&state=${state}`,
    headers: page,
  }),
  logout: () => ({ path: "/auth/logout", method: "POST", headers: call }),
  "logout, from elsewhere": () => ({
    path: "/auth/logout",
    method: "POST",
    headers: { "sec-fetch-site": "cross-site" },
  }),
  "logout, a link": () => ({ path: "/auth/logout", headers: page }),
  session: () => ({ path: "/auth/session", headers: call }),
  "no route": () => ({ path: "/auth/nothing", headers: page }),
  "a page that reads the session": () => ({ path: "/", headers: page }),
  "a guarded page": () => ({ path: "/me?x=1", headers: page }),
  "a guarded page, far": () => ({ path: `/me?${"x".repeat(2_000)}`, headers: page }),
  "a guarded page, in letters that grow": () => ({ path: `/me?${"%25".repeat(680)}`, headers: page }),
  "a guarded page, farther than any": () => ({ path: `/me?${"x".repeat(14_000)}`, headers: page }),
  "a guarded call": () => ({ path: "/me", headers: call }),
  "a page that needs a scope": () => ({ path: "/playlists", headers: page }),
  "a call without a guard": () => ({ path: "/unguarded", headers: call }),
};
