import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGrants, memoryStore } from "@pixy/grants";
import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { readEnvironment } from "example-shared/environment";
import { expect, it } from "vitest";
import { work } from "./job.ts";
import { users } from "./users.ts";
import { createWeb } from "./web.ts";

it("connects a user's account, and the job works for that user while nobody is there, until it is disconnected", async () => {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const http = await serve(provider);
  const server = createServer((req, res) => web(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
  const environment = readEnvironment(
    { PROVIDER_URL: http.url, BASE_URL: url, SESSION_SECRET: secret },
    { port: 3004 },
  );
  const grants = createGrants({
    providers: { spotify: { provider: environment.provider, clientId: environment.clientId } },
    ...{ secret, store: memoryStore({ now: Date.now }), onEvent: () => {} },
  });
  const web = createWeb(environment, grants, () => []);
  try {
    const browser = createUserAgent();
    await browser.navigate(url);
    expect((await browser.submit("/users/user-1")).body).toContain("Hello, user-1");
    const away = await browser.submit("/connect", {}, { follow: false });
    const home = await browser.login(away.headers.get("location") ?? "", { person: "ada" });
    expect([home.url, home.body.includes("Connected.")]).toEqual([`${url}/`, true]);
    provider.revokeAccessTokens();
    expect(await work(grants, users)).toEqual([["user-1", "200"]]);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    provider.revokeGrants();
    provider.revokeAccessTokens();
    expect(await work(grants, users)).toEqual([["user-1", "reauth_required"]]);
    await browser.submit("/disconnect");
    expect(await work(grants, users)).toEqual([]);
    expect(provider.violations).toEqual([]);
  } finally {
    server.close().closeAllConnections();
    await http.close();
  }
});
