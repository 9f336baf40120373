import { showDialog } from "@pixy/providers/spotify";
import { fromRequest } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp } from "../lib/web-app.ts";

describe("auth.login", () => {
  it("starts a login from server code, with what the code says and nothing else", async () => {
    const app = createWebApp();
    const login = async (options?: Parameters<typeof app.auth.login>[1]) => {
      const handle = app.auth.open(fromRequest(new Request(`${app.origin}/`)));
      return new URL((await app.auth.login(handle, options)).headers.get("location") ?? "").searchParams;
    };
    const plain = await login();
    expect([plain.get("show_dialog"), plain.get("client_id"), plain.get("scope")]).toEqual([
      ...[null, "client-of-the-app", "user-read-private"],
    ]);
    expect((await login({ parameters: showDialog })).get("show_dialog")).toBe("true");
    const own = await login({ clientId: "own", scope: ["user-read-email"], parameters: { market: "AT" } });
    expect([own.get("market"), own.get("client_id"), own.get("scope")]).toEqual(["AT", "own", "user-read-email"]);
    await expect(login({ showdialog: true } as object)).rejects.toMatchObject({
      ...{ name: "ConfigurationError", code: "invalid_option", option: "showdialog" },
    });
    await expect(login({ returnTo: "https://evil.example/" })).rejects.toMatchObject({
      ...{ name: "ConfigurationError", code: "invalid_option", option: "returnTo" },
    });
  });
});
