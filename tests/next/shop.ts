import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../../tools/lib/child-process.ts";
import { environmentWith } from "../../tools/lib/example.ts";
import { freePort } from "../../tools/lib/port.ts";

export const shopFolder: string = fileURLToPath(new URL("shop-app/", import.meta.url));
const standalone = `${shopFolder}.next/standalone/tests/next/shop-app`;

export interface Shop extends Pick<Child, "output" | "stop"> {
  readonly port: number;
  /** Its base URL, with the prefix that it was built for. */
  readonly url: string;
}

type Variables = Readonly<Record<string, string>>;

/** Starts the built `shop-app` as `next start -H 127.0.0.1` does. */
export function startShop(variables: Variables): Promise<Shop> {
  const next = createRequire(shopFolder).resolve("next/dist/bin/next");
  return start(shopFolder, variables, (port) => [next, "start", "-H", "127.0.0.1", "-p", String(port)]);
}

/** Starts it as a container does that has nothing of the repository but what the build has gathered. */
export async function startStandaloneShop(variables: Variables): Promise<Shop> {
  // As Next's page on `output` has it.
  await cp(`${shopFolder}.next/static`, `${standalone}/.next/static`, { recursive: true });
  return start(standalone, { HOSTNAME: "127.0.0.1", ...variables }, () => ["server.js"]);
}

async function start(cwd: string, variables: Variables, command: (port: number) => readonly string[]): Promise<Shop> {
  const port = Number(variables.PORT ?? (await freePort()));
  const url = variables.BASE_URL ?? `http://127.0.0.1:${port}/shop`;
  const child = startChild({
    ...{ name: "shop", cwd, command: [process.execPath, ...command(port)], ready: /Ready in/ },
    environment: environmentWith({
      ...{ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", PORT: String(port), BASE_URL: url },
      ...{ SESSION_SECRET: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", ...variables },
    }),
  });
  try {
    await child.ready;
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { port, url, output: child.output, stop: child.stop };
}
