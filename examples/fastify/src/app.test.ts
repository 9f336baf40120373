import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { readEnvironment } from "example-shared/environment";
import { expect, it } from "vitest";
import { freePort } from "../../../tools/lib/port.ts";
import { createApp } from "./app.ts";

it("serves everything below the prefix of BASE_URL, and renews a token once", async () => {
  const provider = createAuthorizationServer();
  const http = await serve(provider);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/shop`;
  const SESSION_SECRET = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
  const app = createApp(readEnvironment({ PROVIDER_URL: http.url, BASE_URL: url, SESSION_SECRET }, { port: 3005 }));
  await app.listen({ port, host: "127.0.0.1" });
  try {
    const browser = createUserAgent();
    const page = await browser.login(`${url}/me?a=1`, { person: "ada" });
    expect([page.url, page.json()]).toEqual([
      `${url}/me?a=1`,
      expect.objectContaining({ display_name: "Ada Lovelace" }),
    ]);
    provider.revokeAccessTokens();
    const answers = await Promise.all(Array.from({ length: 5 }, () => browser.call(`${url}/me`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    const home = await browser.navigate(`${url}/`);
    expect(home.body).toContain("Hello, Ada Lovelace");
    expect((await browser.submit("/shop/auth/logout", {}, { follow: false })).headers.get("location")).toBe("/shop/");
    expect(provider.violations).toEqual([]);
  } finally {
    await app.close();
    await http.close();
  }
});
