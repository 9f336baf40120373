import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { launch, launchBrowser, unpackChromium, withBrowser } from "./browser.ts";

withBrowser("a browser", () => {
  it("opens a page and keeps origins apart", async () => {
    const server = createServer((_request, response) => response.end("<title>Pixy</title>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      expect(await page.title()).toBe("Pixy");
      // With web security switched off this would be readable, and tests of cross-site requests would prove nothing.
      const readAcross = page.evaluate(`fetch("http://localhost:${port}/").then((answer) => answer.text())`);
      await expect(readAcross).rejects.toThrow(/Failed to fetch/);
    } finally {
      await browser.close();
      server.close();
    }
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")(
    "comes with npm where none is installed",
    async () => {
      const before = { ...process.env };
      const browser = await launch(await unpackChromium());
      expect(browser.version()).toMatch(/^\d+\./);
      await browser.close();
      expect(process.env).toEqual(before);
    },
  );
});
