import fc from "fast-check";
import { createLoginApp, tokens } from "./login-app.ts";
import { filled, keepSecret, printed, type Target, target, texts } from "./target.ts";

const app = createLoginApp();
const begun = await app.begin();
const finished = await app.visit(`/auth/callback?code=c&state=${begun.state}`, begun.cookie);
const session =
  finished.headers
    .getSetCookie()
    .find((line) => line.startsWith("__Host-pixy="))
    ?.split(";")[0] ?? "";
const value = session.slice(session.indexOf("=") + 1);
const half = Math.ceil(value.length / 2);
const { session: name, attempt, spent } = app.auth.settings.cookies;
app.told();

const parts: Readonly<Record<string, string>> = {
  ...{ session, value, pending: begun.cookie },
  ...{ first: value.slice(0, half), second: value.slice(half), short: value.slice(0, -1), start: value.slice(0, 8) },
};
const words = [
  ...["{session}", "{value}", "{pending}", "{short}", "{start}", "; ", "; "],
  ...[`${name}=`, `${name}.0=`, `${name}.1=`, `${attempt}AAAAAAAAAAAA=`, `${spent}=`],
  ...[`${name}.0=2~{first}`, `${name}.1={second}`],
];

/** A whole session may stand in it: alone, or in its two halves. */
function holdsSession(header: string): boolean {
  return header.includes(value) || (header.includes(value.slice(0, half)) && header.includes(value.slice(half)));
}

const header = target(
  "Cookie header",
  fc.oneof(
    texts(words),
    texts(words).map((text) => `{session}; ${text}`),
  ),
  async (text) => {
    const cookie = filled(text, parts);
    const handle = app.auth.open({
      method: "GET",
      url: "/",
      header: (wanted) => (wanted === "cookie" ? cookie : null),
    });
    const opened = await handle.session();
    if (opened !== null && !holdsSession(cookie)) throw new Error("a session out of nothing");
    const lines = handle.takeResponseHeaders();
    for (const [wanted, line] of lines) {
      if (wanted === "set-cookie" && !/^__Host-pixy(\.[0-9])?=; Max-Age=0; /.test(line))
        throw new Error(`wrote ${line}`);
    }
    keepSecret(printed([opened, lines, app.told()]), [tokens.access, tokens.refresh, value]);
    const logout = await app.auth.respond(
      app.auth.open({
        method: "POST",
        url: "/auth/logout",
        header: (wanted) =>
          wanted === "cookie" ? cookie.replaceAll(value, "") : wanted === "sec-fetch-site" ? "same-origin" : null,
      }),
    );
    if (logout.status !== 303) throw new Error(`logout answered ${logout.status}`);
  },
);

export const cookieTargets: readonly Target[] = [header];
