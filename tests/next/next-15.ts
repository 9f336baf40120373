/**
 * Builds the Next example with Next 15, with `middleware.ts` in place of `proxy.ts`, and logs in: `node next-15.ts`.
 * Not part of the test command, because it installs from the registry. The packages must have been built.
 */
import { equal, match } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { startChild } from "../../tools/lib/child-process.ts";
import { root } from "../../tools/lib/example.ts";
import { freePort } from "../../tools/lib/port.ts";

const folder = await mkdtemp(join(tmpdir(), "pixy-next-15-"));
const run = (command: string, ...parameters: string[]): string =>
  execFileSync(command, parameters, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(join(folder, file), change(await readFile(join(folder, file), "utf8")));
}

try {
  const keeps = (path: string) => !/\/(node_modules|\.next|\.turbo)(\/|$)/.test(path.slice(root.length - 1));
  await cp(`${root}examples/next`, folder, { recursive: true, filter: keeps });
  await cp(`${root}examples/shared`, join(folder, "shared"), { recursive: true, filter: keeps });
  await cp(`${root}tsconfig.base.json`, join(folder, "tsconfig.base.json"));
  const packed: Record<string, string> = {};
  for (const name of ["core", "server", "next"]) {
    run("pnpm", "--dir", `${root}packages/${name}`, "pack", "--pack-destination", folder);
  }
  for (const file of await readdir(folder)) {
    const name = /^pixy-(\w+)-.*\.tgz$/.exec(file)?.[1];
    if (name) packed[`@pixy/${name}`] = `file:${join(folder, file)}`;
  }
  const manifest = {
    name: "next-15",
    private: true,
    type: "module",
    dependencies: {
      ...packed,
      ...{
        "example-shared": "file:./shared",
        next: "^15.5.0",
        react: "^19.0.0",
        "react-dom": "^19.0.0",
        redis: "6.3.1",
      },
      ...{ typescript: "5.9.3", "@types/node": "24.19.2", "@types/react": "19.2.7" },
    },
    overrides: packed,
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await edit("shared/package.json", (text) => text.replace('"workspace:^"', '"*"'));
  await edit("tsconfig.json", (text) =>
    text.replace("../../", "./").replace('"exclude": [', '"exclude": ["shared", "start.ts", '),
  );
  await edit("proxy.ts", (text) => text.replace("const proxy =", "const middleware ="));
  await cp(join(folder, "proxy.ts"), join(folder, "middleware.ts"));
  await rm(join(folder, "proxy.ts"));
  // The edge runtime of middleware.ts has no sockets, so no Redis: sessions live in cookies.
  await writeFile(join(folder, "store.ts"), "export const openStore = () => undefined;\n");
  await rm(join(folder, "instrumentation.ts"));
  await edit("auth.ts", (text) => text.replace("openStore(environment)", "openStore()"));
  run("npm", "install", "--no-audit", "--no-fund", "--install-links=false");
  const built = run("npx", "next", "build");
  match(built, /Next\.js 15\./);
  console.log(built);

  const provider = createAuthorizationServer({ rotation: "strict" });
  const server = await serve(provider, { host: "localhost" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const app = startChild({
    name: "next 15",
    command: ["npx", "next", "start", "-H", "127.0.0.1", "-p", String(port)],
    cwd: folder,
    ready: /Ready in/,
    environment: {
      ...process.env,
      NODE_ENV: "production",
      BASE_URL: url,
      PROVIDER_URL: server.url,
      SESSION_SECRET: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
    },
  });
  try {
    await app.ready;
    const browser = createUserAgent();
    provider.configure({ expiresIn: 1 });
    const home = await browser.login(`${url}/auth/login`, { person: "ada" });
    match(home.body, /Ada Lovelace/);
    const { expiresAt } = (await browser.call(`${url}/auth/session`)).json() as { expiresAt: string };
    while (Date.now() <= Date.parse(expiresAt)) await new Promise((resolve) => setTimeout(resolve, 20));
    provider.configure({ expiresIn: 3600 });
    const page = await browser.navigate(`${url}/profile`);
    equal(page.status, 200);
    match(page.headers.get("cache-control") ?? "", /private.*no-store/);
    equal((await browser.call(`${url}/me`)).status, 200);
    equal(provider.tokenRequests("refresh_token").length, 1);
    const stranger = await createUserAgent().navigate(`${url}/profile?a=1`, { follow: false });
    match(stranger.headers.get("location") ?? "", /\/auth\/login\?returnTo=%2Fprofile%3Fa%3D1$/);
    equal(provider.violations.length, 0);
    console.log("Next 15: builds, logs in, refreshes once in middleware.ts.");
  } finally {
    await app.stop();
    await server.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
