import { expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../../../tests/lib/browser.ts";
import { start } from "./start.ts";

withBrowser("in a browser, without a network", () => {
  it("logs in, refreshes and logs out", async () => {
    const { provider, url } = await start();
    await using browser = await launchBrowser();
    const page = await browser.newPage();
    await page.goto(`${url}/auth/login`);
    await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
    await page.getByText("Hello, Ada Lovelace").waitFor();
    provider.revokeAccessTokens();
    expect((await page.request.get(`${url}/me`)).status()).toBe(200);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("link", { name: "Log in" }).waitFor();
  });
});
