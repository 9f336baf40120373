import type { Page, UserAgent } from "@pixy/testing";
import { expect } from "vitest";
import { answerOf } from "./answer.ts";
import { type App, at } from "./app.ts";
import type { Death, RunningServer } from "./foreign-server.ts";

export const hour = 3_600_000;

export function codeOf(page: Page): unknown {
  return (page.json() as { code?: unknown }).code;
}

/** Shows a refresh token to the server, as somebody who has got hold of it. */
export async function spend({ provider, clientId, secret }: RunningServer, refreshToken = ""): Promise<string> {
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: refreshToken };
  const response = await fetch(provider.tokenEndpoint, {
    method: "POST",
    headers: secret === undefined ? {} : { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams(form),
  });
  return answerOf(response.status, await response.text());
}

export async function expectNobody(browser: UserAgent): Promise<void> {
  expect((await browser.call(at("/auth/session"))).json()).toEqual({ loggedIn: false });
}

interface Dead {
  readonly server: RunningServer;
  readonly app: App;
  readonly browser: UserAgent;
}

/** The refresh token is dead, and so is the access token: what the person gets, and that a login helps. */
export async function expectDeath(dead: Dead, { answer, meaning }: Death): Promise<void> {
  const { server, app, browser } = dead;
  if (meaning === "outage") await expectOutage(dead);
  else await expectLogin(dead, meaning);
  expect(app.answers.map((given) => given.answer)).toContain(answer);
  const page = await server.visit(browser, at("/auth/login?returnTo=/me"), "allow");
  expect([page.url, page.status]).toEqual([at("/me"), 200]);
}

/**
 * A login is offered, at once and without end. What the server calls `invalid_grant` ends the grant. Any other refusal
 * leaves it in place, and it is tried again after a while.
 */
async function expectLogin({ server, app, browser }: Dead, meaning: "ended" | "refused but kept"): Promise<void> {
  const before = server.tokenRequests();
  const requests = () => server.tokenRequests() - before;
  const first = await browser.call(at("/me"));
  expect([first.status, codeOf(first), requests()]).toEqual([401, "reauth_required", 1]);
  const second = await browser.call(at("/me"));
  expect([second.status, requests()]).toEqual([401, 1]);

  const session = (await browser.call(at("/auth/session"))).json();
  if (meaning === "ended") {
    expect(session).toEqual({ loggedIn: false });
  } else {
    expect(first.setCookies).toEqual([]);
    expect(session).toMatchObject({ loggedIn: true, reauthNeeded: true });
    expect((await browser.navigate(at("/"))).body).toMatch(/^Hello ./);
    app.clock.advance(11_000);
    expect([(await browser.call(at("/me"))).status, requests()]).toEqual([401, 2]);
  }
  const page = await browser.navigate(at("/me"), { follow: false });
  expect([page.status, page.headers.get("location")]).toEqual([302, "/auth/login?returnTo=%2Fme"]);
}

/** The server says that it is out of order, so nobody can know more: the login is kept, and the person can wait. */
async function expectOutage({ browser }: Dead): Promise<void> {
  const page = await browser.call(at("/me"));
  expect([page.status, codeOf(page), page.setCookies]).toEqual([503, "provider_unavailable", []]);
  expect(page.headers.get("retry-after")).toMatch(/^\d+$/);
  expect((await browser.call(at("/auth/session"))).json()).toMatchObject({ loggedIn: true });
}
