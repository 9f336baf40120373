import { readFile } from "node:fs/promises";
import { createAuthorizationServer, createUserAgent, type HttpServer, serve } from "@pixy/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { freePort } from "../../tools/lib/port.ts";
import { codeBlocksOf } from "../docs/markdown.ts";
import { type ExampleProcess, startExample } from "../lib/example-process.ts";
import { nginx, type ProxyCache, startNginx } from "../lib/proxy-cache.ts";
import { type Shop, startStandaloneShop } from "./shop.ts";

const page = new URL("../../docs/deployment.md", import.meta.url);

nginx.describe("two Next apps on one origin behind nginx, the one below /shop standalone", () => {
  const provider = createAuthorizationServer();
  let server: HttpServer;
  let proxy: ProxyCache;
  let example: ExampleProcess;
  let shop: Shop;

  beforeAll(async () => {
    server = await serve(provider, { host: "localhost" });
    const [outer, inner] = [await freePort(), await freePort()];
    const documented = codeBlocksOf(await readFile(page, "utf8")).find(({ info }) => info === "nginx")?.code ?? "";
    const [location = ""] = /^ {2}location \/ {\n[\s\S]*?^ {2}}\n/m.exec(documented) ?? [];
    const to = (port: number, path: string) =>
      location.replace("location /", `location ${path}`).replace("127.0.0.1:3000", `127.0.0.1:${port}`);
    proxy = await startNginx((_folder, port) =>
      documented
        .replace("server {", `server {\n  listen 127.0.0.1:${port};`)
        .replace(location, `${to(outer, "/")}${to(inner, "/shop/")}`),
    );
    const shared = {
      ...{ PROVIDER_URL: server.url, PROVIDER_ROTATION: "rotating" },
      SESSION_SECRET: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
    };
    [example, shop] = await Promise.all([
      startExample("next", { ...shared, PORT: String(outer), BASE_URL: proxy.url }),
      startStandaloneShop({ ...shared, PORT: String(inner), BASE_URL: `${proxy.url}/shop` }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([example?.stop(), shop?.stop(), proxy?.stop(), server?.close()]);
  });
  beforeEach(() => {
    provider.reset();
    provider.configure({ expiresIn: 3600, rotation: "strict" });
  });
  afterEach(() => expect(provider.violations).toEqual([]));

  const at = (path: string) => `${proxy.url}${path}`;
  const refreshes = () => provider.tokenRequests("refresh_token").length;

  it("have one login: begun, renewed and ended in whichever of them", async () => {
    for (const [here, guarded, there] of [
      ["", "/profile", "/shop"],
      ["/shop", "/account/", ""],
    ]) {
      provider.reset();
      const browser = createUserAgent();
      const login = await browser.login(at(`${here}${guarded}`), { person: "ada" });
      expect([login.status, login.body.includes("Ada Lovelace")]).toEqual([200, true]);
      const begun = provider.requests.find(({ kind }) => kind === "authorize");
      expect(begun?.parameters.redirect_uri).toBe(at(`${here}/auth/callback`));
      provider.revokeAccessTokens();
      const profile = await browser.navigate(at(`${there}/me`));
      expect([profile.status, profile.json()]).toEqual([
        200,
        expect.objectContaining({ display_name: "Ada Lovelace" }),
      ]);
      expect((await browser.call(at(`${here}/me`))).status).toBe(200);
      expect([refreshes(), provider.tokenRequests("authorization_code").length]).toEqual([1, 1]);
      await browser.submit(at(`${there}/auth/logout`));
      expect((await browser.call(at(`${here}/auth/session`))).json()).toEqual({ loggedIn: false });
    }
  });

  it("serve the scripts of their pages, which no cache may keep", async () => {
    for (const path of ["/", "/shop/"]) {
      const { body, headers } = await createUserAgent().navigate(at(path));
      expect([path, headers.get("cache-control")]).toEqual([path, expect.stringMatching(/private.*no-store/)]);
      const [, script = ""] = /<script src="([^"]+)"/.exec(body) ?? [];
      expect([script, (await fetch(at(script))).status]).toEqual([expect.stringMatching(`^${path}_next/`), 200]);
    }
  });
});
