import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { incoming, returnPath, secret } from "../../test/settings.ts";
import type { PixyOptions } from "../settings/options.ts";
import { readOptions } from "../settings/settings.ts";
import { choicePage } from "./choice.ts";

const providers = Object.fromEntries(
  ["google", "github", "gitlab"].map((key) => [key, { provider: spotify, clientId: "client", label: `<${key}>` }]),
);
const show = (returnTo: string, options: Partial<PixyOptions<unknown>> = {}) =>
  choicePage(
    readOptions({ baseUrl: "https://app.example", secret, providers, ...options }),
    incoming("/auth/login"),
    returnPath(returnTo),
  );

describe("the page to choose a provider", () => {
  it("names each, as text, with the way back in each link", async () => {
    const page = await (await show("/me")).text();
    for (const key of Object.keys(providers)) {
      expect(page).toContain(`href="/auth/login?provider=${key}&#38;returnTo=%2Fme">Log in with &#60;${key}&#62;</a>`);
    }
    expect(page).toContain("<h1>Log in</h1>");
    expect(page).not.toContain("<small>");
  });

  it("has 4,096 octets at most, whatever a stranger wants to return to", async () => {
    const short = await (await show(`/${"x".repeat(400)}`)).text();
    expect(short).toContain("xxx");
    const long = await (await show(`/${"\u00fc".repeat(300)}`)).text();
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(4_096);
    expect(long).toContain("returnTo=%2F&quot;".replace("&quot;", '"'));
  });

  it("is the app's own where it makes one, and as private as ours", async () => {
    const answer = await show("/me", { onChoose: ([first]) => new Response(first?.loginUrl, { status: 203 }) });
    expect([answer.status, answer.headers.get("cache-control"), await answer.text()]).toEqual([
      ...[203, "private, no-store", "/auth/login?provider=google&returnTo=%2Fme"],
    ]);
    expect((await show("/me", { onChoose: () => null })).status).toBe(200);
  });
});
