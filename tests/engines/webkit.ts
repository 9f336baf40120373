import { existsSync, globSync } from "node:fs";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import type { Engine } from "./engine.ts";
import { openSession, untilReady } from "./web-driver.ts";

const driver = "/usr/bin/WebKitWebDriver";
const screen = "/usr/bin/Xvfb";

/** The browser that comes with WebKitGTK's driver, when the driver and a screen that nobody sees are there too. */
export function findWebKit(): string | undefined {
  if (!existsSync(driver) || !existsSync(screen)) return undefined;
  return globSync("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")[0];
}

/** Starts WebKitGTK's driver on a screen of its own; each window is a browser of its own. */
export async function launchWebKit(): Promise<Engine> {
  const binary = findWebKit();
  if (binary === undefined) throw new Error("There is no WebKit: install webkit2gtk-driver and xvfb.");
  const port = await freePort();
  const display = startChild({
    name: "Xvfb",
    command: [screen, "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
    ready: /^(\d+)\n/m,
  });
  const number = (await display.ready)?.[1];
  const server = startChild({
    name: "WebKitWebDriver",
    command: [driver, "--host=127.0.0.1", `--port=${port}`],
    environment: { ...process.env, DISPLAY: `:${number}` },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  return {
    open: () =>
      openSession(url, {
        acceptInsecureCerts: true,
        "webkitgtk:browserOptions": { binary, args: ["--automation"] },
      }),
    async close() {
      await server.stop();
      await display.stop();
    },
  };
}
