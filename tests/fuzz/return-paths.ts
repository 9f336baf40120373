import { createLoginApp, origin, stayHome } from "./login-app.ts";
import { type Target, target, texts } from "./target.ts";

const words = [
  "/",
  "//",
  "evil.example",
  "https:",
  "http://",
  "javascript:",
  "@",
  "/me",
  origin,
  ":444",
  ".",
  "..",
  "%2e",
  "%5c",
  "\\",
  "\t",
  "。",
  "／",
  "/auth/login",
  "blob:",
];
const app = createLoginApp();

const home = target("returnTo, from the link to the end of the login", texts(words), async (wanted) => {
  const { cookie, state } = await app.begin(wanted);
  const response = await app.visit(`/auth/callback?code=c&state=${state}`, cookie);
  if (response.status !== 303) throw new Error(`status ${response.status}`);
  stayHome(response);
  app.told();
});

const guarded = target("the path of a guarded page", texts(words), async (path) => {
  const request = {
    method: "GET",
    url: path,
    header: (name: string) => (name === "sec-fetch-mode" ? "navigate" : name === "sec-fetch-dest" ? "document" : null),
  };
  const verdict = await app.auth.requireLogin(app.auth.open(request));
  if (!(verdict instanceof Response)) throw new Error("let in without a login");
  stayHome(verdict);
  const location = new URL(verdict.headers.get("location") ?? "/", origin);
  // Where the login will lead, if somebody takes the link.
  stayHome(new Response(null, { headers: { location: location.searchParams.get("returnTo") ?? "/" } }));
});

export const returnTargets: readonly Target[] = [home, guarded];
