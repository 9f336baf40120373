import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { authorizationUrl, exchange } from "../../test/fixture.ts";
import { serve } from "../control/http-server.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { createUserAgent } from "./user-agent.ts";

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const servers: Server[] = [];
let echo: string;

/** Starts a server whose host is 127.0.0.1 or, as another site, localhost. */
async function listen(handler: Handler, host: string = "127.0.0.1"): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Answers with the request's headers; `/to?<url>` redirects, `/set?<cookie>` sets a cookie. */
const echoHandler: Handler = (incoming, outgoing) => {
  const url = new URL(incoming.url ?? "/", "http://x");
  const argument = decodeURIComponent(url.search.slice(1));
  const status = Number(/^\/to(\d*)$/.exec(url.pathname)?.[1] || 302);
  if (url.pathname.startsWith("/to")) outgoing.writeHead(status, { location: argument }).end();
  else if (url.pathname === "/set") outgoing.writeHead(200, { "set-cookie": argument.split("|") }).end();
  else if (url.pathname === "/shy") outgoing.writeHead(200, { "referrer-policy": "no-referrer" }).end();
  else if (url.pathname === "/empty") outgoing.writeHead(204).end();
  else {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.end(
        JSON.stringify({ method: incoming.method, ...incoming.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
  }
};

const to = (base: string, target: string, status: string | number = ""): string =>
  `${base}/to${status}?${encodeURIComponent(target)}`;

beforeEach(async () => {
  echo = await listen(echoHandler);
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("what servers see", () => {
  it("of a navigation", async () => {
    const agent = createUserAgent();
    const headers = (await agent.navigate(echo)).json();
    expect(headers).toMatchObject({
      "sec-fetch-site": "none",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "sec-fetch-user": "?1",
      accept: expect.stringContaining("text/html"),
    });
    expect((await agent.navigate(`${echo}/2`, { from: "link" })).json()).toMatchObject({
      "sec-fetch-site": "same-origin",
    });
    const other = await listen(echoHandler);
    expect((await agent.navigate(other, { from: "link" })).json()).toMatchObject({ "sec-fetch-site": "same-site" });
    const foreign = await listen(echoHandler, "localhost");
    expect((await agent.navigate(foreign, { from: "link" })).json()).toMatchObject({ "sec-fetch-site": "cross-site" });
    expect(agent.history).toEqual([`${echo}/`, `${echo}/2`, `${other}/`, `${foreign}/`]);
  });

  it("of a redirect chain: the worst of it, or a person's wish throughout", async () => {
    const agent = createUserAgent();
    const foreign = await listen(echoHandler, "localhost");
    const there = to(foreign, `${echo}/back`);
    expect((await agent.navigate(there)).json()).toMatchObject({ "sec-fetch-site": "none" });
    const back = await agent.navigate(to(echo, there), { from: "link" });
    expect(back.hops.map(({ requestHeaders }) => requestHeaders["sec-fetch-site"])).toEqual([
      "same-origin",
      "cross-site",
      "cross-site",
    ]);
  });

  it("of a script's call", async () => {
    const agent = createUserAgent();
    await agent.navigate(echo);
    const read = (await agent.call("/data")).json();
    expect(read).toMatchObject({
      "sec-fetch-mode": "cors",
      "sec-fetch-dest": "empty",
      "sec-fetch-site": "same-origin",
    });
    expect(read).not.toHaveProperty("origin");
    expect(read).not.toHaveProperty("sec-fetch-user");
    const write = await agent.call("/data", {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
    });
    expect(write.json()).toMatchObject({ origin: echo, "content-type": "application/json", text: "{}" });
    expect(agent.page?.url).toBe(`${echo}/`);
  });

  it("of a form, also from a page that hides its origin", async () => {
    const agent = createUserAgent();
    await agent.navigate(echo);
    expect((await agent.submit("/form", { a: "1 2" })).json()).toMatchObject({
      method: "POST",
      origin: echo,
      "sec-fetch-site": "same-origin",
      "sec-fetch-mode": "navigate",
      "content-type": "application/x-www-form-urlencoded",
      text: "a=1+2",
    });
    await agent.navigate(`${echo}/shy`);
    expect((await agent.submit("/form")).json()).toMatchObject({ origin: "null", "sec-fetch-site": "same-origin" });
  });

  it("of a prefetch, which is no visit", async () => {
    const agent = createUserAgent();
    await agent.navigate(echo);
    const speculation = (await agent.prefetch("/next")).json();
    expect(speculation).toMatchObject({ "sec-purpose": "prefetch", "sec-fetch-mode": "navigate" });
    const link = (await agent.prefetch("/next", { by: "link" })).json();
    expect(link).toMatchObject({ "sec-purpose": "prefetch", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty" });
    expect(agent.history).toHaveLength(1);
  });

  it("with headers replaced and removed", async () => {
    const page = await createUserAgent().navigate(echo, {
      headers: { Accept: "application/json", "Sec-Fetch-Mode": "", "sec-fetch-dest": "iframe" },
    });
    expect(page.json()).toMatchObject({ accept: "application/json", "sec-fetch-dest": "iframe" });
    expect(page.json()).not.toHaveProperty("sec-fetch-mode");
  });
});

describe("redirects", () => {
  it("turn a POST into a GET, unless they are 307 or 308", async () => {
    const agent = createUserAgent();
    const changed = (await agent.submit(to(echo, "/end", 303), { a: "1" })).json();
    expect(changed).toMatchObject({ method: "GET", text: "" });
    expect(changed).not.toHaveProperty("content-type");
    expect((await agent.submit(to(echo, "/end", 307), { a: "1" })).json()).toMatchObject({
      method: "POST",
      text: "a=1",
    });
  });

  it("are followed 20 times, or not at all on request", async () => {
    const agent = createUserAgent();
    const round = await listen((incoming, outgoing) => outgoing.writeHead(302, { location: incoming.url }).end());
    await expect(agent.navigate(round)).rejects.toThrow("More than 20 redirects");
    const page = await agent.navigate(to(echo, "/end"), { follow: false });
    expect([page.status, page.headers.get("location")]).toEqual([302, "/end"]);
    expect(agent.history).toEqual([]);
    expect(agent.page).toBeNull();
  });
});

describe("cookies", () => {
  it("are kept on the way and sent back", async () => {
    const agent = createUserAgent();
    const page = await agent.navigate(`${echo}/set?${encodeURIComponent("a=1; HttpOnly; Path=/|b=2; Path=/x")}`);
    expect(page.setCookies).toHaveLength(2);
    expect((await agent.navigate(echo)).json()).toMatchObject({ cookie: "a=1" });
    expect(await agent.cookies(`${echo}/x`)).toHaveLength(2);
    await agent.setCookie(echo, "c=3; Path=/");
    expect((await agent.call("/")).json()).toMatchObject({ cookie: "a=1; c=3" });
  });

  it("do not cross origins with a call, unless it is told to include them", async () => {
    const agent = createUserAgent();
    const other = await listen(echoHandler);
    await agent.navigate(`${echo}/set?${encodeURIComponent("a=1; Path=/")}`);
    expect((await agent.call(other)).json()).not.toHaveProperty("cookie");
    expect((await agent.call(other, { credentials: "include" })).json()).toMatchObject({ cookie: "a=1" });
  });

  it("go their own way in a clone", async () => {
    const agent = createUserAgent();
    await agent.setCookie(echo, "a=1");
    const clone = await agent.clone();
    await clone.setCookie(echo, "a=2");
    expect((await agent.navigate(echo)).json()).toMatchObject({ cookie: "a=1" });
    expect((await clone.navigate(echo)).json()).toMatchObject({ cookie: "a=2" });
  });
});

it("shows no page for a 204", async () => {
  const agent = createUserAgent();
  await agent.navigate(`${echo}/empty`);
  expect(agent.history).toEqual([]);
});

describe("login", () => {
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  it("goes from the app over the provider's page and back, over HTTP", async () => {
    const server = createAuthorizationServer();
    const provider = await serve(server);
    const app = await listen(async (incoming, outgoing) => {
      const url = new URL(incoming.url ?? "/", "http://x");
      const callback = `http://${incoming.headers.host}/callback`;
      if (url.pathname === "/login") {
        const location = provider.url + (await authorizationUrl(verifier, { redirect_uri: callback }));
        outgoing.writeHead(302, { location, "set-cookie": "pending=1; HttpOnly; SameSite=Lax; Path=/" }).end();
      } else outgoing.end(JSON.stringify({ query: url.search, cookie: incoming.headers.cookie }));
    });
    const agent = createUserAgent();
    const home = await agent.login(`${app}/login`, { person: "grace" });
    expect(home.json()).toMatchObject({ query: expect.stringMatching(/^\?code=.+&state=/), cookie: "pending=1" });
    expect(home.hops.map(({ method, status }) => [method, status])).toEqual([
      ["POST", 303],
      ["GET", 200],
    ]);
    expect(agent.history).toHaveLength(2);
    const code = new URL(home.url).searchParams.get("code") ?? "";
    const answer = await exchange(server.fetch, { code, verifier }, { redirect_uri: `${app}/callback` });
    expect(answer.status).toBe(200);
    const denied = await agent.login(`${app}/login`, { person: "deny" });
    expect(denied.url).toContain("error=access_denied");
    server.configure({ autoApprove: "ada" });
    expect((await agent.login(`${app}/login`, { person: "grace" })).url).toContain("code=");
    expect(server.violations).toEqual([]);
    await provider.close();
  });

  it("needs no port where functions stand for the servers", async () => {
    const server = createAuthorizationServer();
    const seen: Record<string, string>[] = [];
    const agent = createUserAgent({
      fetchers: {
        "https://provider.test": server.fetch,
        "https://app.test": async (request) => {
          seen.push(Object.fromEntries(request.headers));
          if (new URL(request.url).pathname !== "/login") return new Response("home");
          const location = `https://provider.test${await authorizationUrl(verifier, { redirect_uri: "https://app.test/cb" })}`;
          const headers = new Headers({ location });
          headers.append("set-cookie", "__Host-a=1; Secure; Path=/; SameSite=Lax");
          headers.append("set-cookie", "strict=1; SameSite=Strict");
          return new Response(null, { status: 302, headers });
        },
      },
    });
    const home = await agent.login("https://app.test/login", { person: "ada" });
    expect(home.body).toBe("home");
    expect(seen[1]).toMatchObject({
      cookie: "__Host-a=1",
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    });
  });
});
