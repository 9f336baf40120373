import assert from "node:assert/strict";
import { type AuthorizationServer, createUserAgent, people, type UserAgent } from "@pixy/testing";

const ada = people.ada;
const spotify = "https://accounts.spotify.com";

/** What a reader does in the browser when the app runs: logs in, looks around, allows one more thing. */
export async function logIn(origin: string, provider: AuthorizationServer): Promise<UserAgent> {
  const browser = createUserAgent({ fetchers: { [spotify]: provider.fetch } });
  const home = await browser.navigate(origin);
  assert.equal(home.status, 200, home.body);
  assert.match(home.body, /<a href="\/auth\/login">Log in with Spotify<\/a>/);
  assert.equal((await browser.call("/me")).status, 401, "a call without a login");

  const hello = await browser.login(`${origin}/auth/login`, { person: ada.name });
  assert.equal(hello.url, `${origin}/`, "where the login ends");
  assert.match(hello.body, new RegExp(ada.displayName));

  for (const path of ["/me", "/playlists"]) assert.ok(hello.body.includes(`<a href="${path}">`), `a link to ${path}`);
  const profile = await browser.navigate("/me", { from: "link" });
  assert.deepEqual([profile.status, readId(profile.json())], [200, ada.id], "/me");
  // Asks for one more permission, and comes back.
  const playlists = await browser.login(`${origin}/playlists`, { person: ada.name });
  assert.deepEqual([playlists.url, playlists.status], [`${origin}/playlists`, 200]);
  assert.ok(
    ada.playlists.every((name) => playlists.body.includes(name)),
    "/playlists",
  );
  return browser;
}

/** The token is of no use any more: whatever comes together, it is renewed once. */
export async function outliveToken(browser: UserAgent, provider: AuthorizationServer): Promise<void> {
  const before = provider.tokenRequests("refresh_token").length;
  provider.revokeAccessTokens();
  const answers = await Promise.all(Array.from({ length: 5 }, () => browser.call("/me")));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
    "five calls with a token that is of no use any more",
  );
  assert.equal(provider.tokenRequests("refresh_token").length - before, 1, "refreshes");
}

/** A page cannot keep what a refresh brings, and shows who is there all the same. */
export async function outliveTokenInPage(
  origin: string,
  browser: UserAgent,
  provider: AuthorizationServer,
): Promise<void> {
  const before = provider.tokenRequests("refresh_token").length;
  provider.revokeAccessTokens();
  const page = await browser.navigate(`${origin}/profile`);
  assert.deepEqual(
    [page.status, page.url],
    [200, `${origin}/profile`],
    "a page with a token that is of no use any more",
  );
  assert.match(page.body, new RegExp(ada.displayName));
  assert.equal(provider.tokenRequests("refresh_token").length - before, 1, "refreshes");
}

/** After a restart of the app: still logged in, until the button is pressed. */
export async function logOut(origin: string, browser: UserAgent, provider: AuthorizationServer): Promise<void> {
  const hello = await browser.navigate(origin);
  assert.match(hello.body, new RegExp(ada.displayName), "logged in after a restart");
  const action = /<form[^>]* action="([^"]*)"/.exec(hello.body)?.[1] ?? "";
  const home = await browser.submit(action);
  assert.match(home.body, /Log in with Spotify/, "the page after the logout");
  assert.equal((await browser.call("/me")).status, 401, "a call after the logout");
  assert.deepEqual(provider.violations, [], "what the provider had to object to");
}

function readId(profile: unknown): unknown {
  return (profile as { readonly id?: unknown }).id;
}
