import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { createWorld, type World } from "../../test/world.ts";
import type { NativeAuth } from "../pixy.ts";

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Sends what `fetch` would not: another Host header, another method. */
function send(
  url: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on("error", reject)
      .end();
  });
}

interface Waiting extends World {
  readonly auth: NativeAuth;
  readonly login: Promise<unknown>;
  /** What was shown. */
  readonly url: string;
  /** What the provider sends the browser back to. */
  readonly callback: string;
}

async function waiting(more: Partial<World["options"]> = {}, given = {}, login = {}): Promise<Waiting> {
  const world = await createWorld(given, "ada", more.provider as object | undefined);
  let opened = (_url: string) => {};
  const shown = new Promise<string>((resolve) => {
    opened = resolve;
  });
  const { provider: _, ...rest } = more;
  const show: World["options"]["show"] = (prompt) => prompt.way !== "device" && opened(prompt.url);
  const auth = world.app({ ...rest, show, openBrowser: () => {} });
  const ended = auth.login(login);
  ended.catch(() => {});
  const url = await Promise.race([shown, ended.then(() => "")]);
  return { ...world, auth, login: ended, url, callback: await world.server.authorize(url, { person: "ada" }) };
}

describe("a login over loopback", () => {
  it("does not begin at a provider that posts its answer", async () => {
    const world = await createWorld();
    const provider = { ...world.options.provider, responseMode: "form_post" } as World["options"]["provider"];
    const auth = world.app({ provider, show: () => {}, openBrowser: () => {} });
    await expect(auth.login()).rejects.toMatchObject({ code: "invalid_option", option: "provider.responseMode" });
  });

  it("listens on a free port of 127.0.0.1, with state and a challenge, and ends with a page that says so", async () => {
    const { login, url, callback, server } = await waiting();
    const query = new URL(url).searchParams;
    expect(query.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/callback$/);
    expect(query.get("state")).toMatch(/^[\w-]{43}$/);
    expect(query.get("code_challenge_method")).toBe("S256");
    const page = await send(callback);
    expect([page.status, page.headers["cache-control"], page.headers["referrer-policy"]]).toEqual([
      200,
      "no-store",
      "no-referrer",
    ]);
    expect(page.body).toMatch(/<html lang="en">.*<title>You are logged in<\/title>.*<h1>You are logged in<\/h1>/s);
    expect(page.body).toContain("You may close this window and go back to now-playing.");
    expect(await login).toMatchObject({ loggedIn: true });
    await expect(send(callback)).rejects.toThrow(/ECONNREFUSED/);
    expect(server.violations).toEqual([]);
  });

  it("listens on [::1] and on a registered port where the redirect URI says so", async () => {
    const { login, callback } = await waiting({ redirectUri: "http://[::1]:48739/done?x=1" });
    expect(callback).toMatch(/^http:\/\/\[::1\]:48739\/done\?x=1&code=/);
    expect((await send(callback)).status).toBe(200);
    expect(await login).toMatchObject({ loggedIn: true });
  });

  it("names the port that another login has", async () => {
    const first = await waiting({ redirectUri: "http://127.0.0.1:48740/callback" });
    await expect(first.app({ redirectUri: "http://127.0.0.1:48740/callback" }).login()).rejects.toMatchObject({
      code: "port_in_use",
    });
    await send(first.callback);
    expect(await first.login).toMatchObject({ loggedIn: true });
  });

  it("is not ended by strangers, and tells them nothing", async () => {
    const { login, callback, server } = await waiting();
    const { origin, pathname, host } = new URL(callback);
    const strange: [string, Parameters<typeof send>[1]?][] = [
      [origin],
      [`${origin}/favicon.ico`],
      [`${origin}${pathname}`],
      [`${origin}${pathname}?code=x&state=${"A".repeat(43)}`],
      [`${origin}${pathname}?error=access_denied`],
      [callback.replace(pathname, `${pathname}/`)],
      [callback, { method: "POST" }],
      [callback, { method: "HEAD" }],
      // A name of a stranger's that leads to this machine.
      [callback, { headers: { host: "evil.example" } }],
      [callback, { headers: { host: host.replace("127.0.0.1", "localhost") } }],
      [`${callback}&state=again`],
    ];
    const answers = await Promise.all(strange.map(([url, how]) => send(url, how)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(["Not found\n", ""]));
    expect(answers.every(({ headers }) => !("access-control-allow-origin" in headers))).toBe(true);
    expect(server.tokenRequests()).toEqual([]);
    expect((await send(callback)).status).toBe(200);
    expect(await login).toMatchObject({ loggedIn: true });
  });

  it("exchanges a code once, however often the browser comes", async () => {
    const { login, callback, server } = await waiting();
    // So that all of them come while the first is under way.
    server.fault({ at: "token", kind: "delay", milliseconds: 300 });
    const pages = await Promise.all([send(callback), send(callback), send(callback)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    await login;
    expect(server.tokenRequests("authorization_code")).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  it("tells browser and program of a refusal", async () => {
    const { login, url, server } = await waiting();
    const page = await send(await server.authorize(url, { person: "deny" }));
    expect([page.status, page.body.includes("You are not logged in")]).toEqual([400, true]);
    await expect(login).rejects.toMatchObject({ code: "authorization_refused", error: "access_denied" });
  });

  it("wants the issuer that the provider promises, before the code is spent", async () => {
    const { login, callback, server } = await waiting({ provider: { issuerInCallback: "required" } as never });
    expect((await send(callback)).status).toBe(400);
    await expect(login).rejects.toMatchObject({ code: "issuer_missing" });
    expect(server.tokenRequests()).toEqual([]);
  });

  it("tells the browser when the provider fails, in words that are no markup", async () => {
    const { login, callback, server } = await waiting();
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "<b>no</b>" } });
    const page = await send(callback);
    expect([page.status, page.body.includes("&lt;b&gt;no&lt;/b&gt;")]).toEqual([400, true]);
    await expect(login).rejects.toMatchObject({ code: "token_request_refused" });
  });

  it("has no end in time where it is given none", async () => {
    const { login, callback } = await waiting({}, {}, { timeLimit: Number.POSITIVE_INFINITY });
    expect((await send(callback)).status).toBe(200);
    expect(await login).toMatchObject({ loggedIn: true });
  });

  it("ends in time, by a signal and by Ctrl-C, frees its port, and keeps who was logged in", async () => {
    const { app: another, prompts } = await createWorld();
    const late = another({ openBrowser: () => {} }).login({ timeLimit: 0.2 });
    await expect(late).rejects.toMatchObject({ code: "login_timed_out" });
    for (const prompt of prompts) {
      const shown = new URL(prompt.way === "device" ? "" : prompt.url).searchParams.get("redirect_uri") ?? "";
      await expect(send(shown)).rejects.toThrow(/ECONNREFUSED/);
    }
    const controller = new AbortController();
    const aborted = await waiting({}, {}, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted.login).rejects.toThrow("enough");
    await expect(send(aborted.callback)).rejects.toThrow(/ECONNREFUSED/);
    const listeners = process.listenerCount("SIGINT");
    const { login, callback, app, logIn, terminal: _ } = await waiting();
    await logIn();
    process.emit("SIGINT");
    await expect(login).rejects.toMatchObject({ code: "login_cancelled" });
    await expect(send(callback)).rejects.toThrow(/ECONNREFUSED/);
    expect((await app().status()).loggedIn).toBe(true);
    expect(process.listenerCount("SIGINT")).toBeLessThanOrEqual(listeners);
  });

  it("goes on where no browser can be opened", async () => {
    const { app, server } = await createWorld();
    let shown = "";
    const auth = app({
      openBrowser: undefined,
      show: (prompt) => {
        shown = prompt.way === "device" ? "" : prompt.url;
      },
    });
    // What `open` would start is not there.
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      const login = auth.login();
      await expect.poll(() => shown).not.toBe("");
      await send(await server.authorize(shown, { person: "ada" }));
      expect((await login).loggedIn).toBe(true);
    } finally {
      process.env.PATH = path;
    }
  });
});

describe("a pasted address", () => {
  const paste = { way: "paste" } as const;

  it("is the whole callback, checked like one, and a wrong one is asked for again", async () => {
    const { login, callback, terminal, server } = await waiting({}, {}, paste);
    terminal.type("https://evil.example/?code=x");
    terminal.type(callback.replace(/state=[^&]+/, "state=other"));
    terminal.type("");
    terminal.type(`  "${callback}" `);
    expect(await login).toMatchObject({ loggedIn: true });
    expect(terminal.written).toEqual([
      expect.stringMatching(
        /^That is another address\. The one to paste begins with http:\/\/127\.0\.0\.1:\d+\/callback\n$/,
      ),
      "That address belongs to another login. Use the one that is shown above.\n",
      "Nothing was pasted.\n",
    ]);
    expect(server.tokenRequests("authorization_code")).toHaveLength(1);
  });

  it("is the code alone, or with its state", async () => {
    for (const form of [(code: string) => code, (code: string, state: string) => `${code}#${state}`]) {
      const { login, callback, terminal } = await waiting({}, {}, paste);
      const query = new URL(callback).searchParams;
      terminal.type(form(query.get("code") ?? "", query.get("state") ?? ""));
      expect(await login).toMatchObject({ loggedIn: true });
    }
  });

  it("with another login's code brings nothing: the verifier does not fit", async () => {
    const { login, server, terminal } = await waiting({}, {}, paste);
    const other = await waiting({}, {}, paste);
    const foreign = await server.authorize(other.url, { person: "grace" });
    terminal.type(new URL(foreign).searchParams.get("code"));
    await expect(login).rejects.toMatchObject({ code: "token_request_refused" });
  });

  it("needs the whole address where the provider promises its issuer", async () => {
    const provider = { issuerInCallback: "required" } as never;
    const { login, callback, terminal } = await waiting({ provider }, { announceIssuer: true }, paste);
    terminal.type(callback);
    expect(await login).toMatchObject({ loggedIn: true });
  });

  it("is not needed where the browser reaches this machine after all", async () => {
    const { login, callback } = await waiting({}, {}, paste);
    await send(callback);
    expect(await login).toMatchObject({ loggedIn: true });
  });

  it("ends with the input", async () => {
    const { login, terminal } = await waiting({}, {}, paste);
    terminal.type(null);
    await expect(login).rejects.toMatchObject({ code: "login_cancelled" });
  });

  it("may be typed in while a browser is open, too", async () => {
    const { login, callback, terminal } = await waiting();
    terminal.type(callback);
    expect(await login).toMatchObject({ loggedIn: true });
  });
});
