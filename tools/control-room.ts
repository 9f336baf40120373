/** The demo's provider with its control page: `node control-room.ts PORT NAME=URL…`, the apps; the command line is there too. */
import { createAuthorizationServer, serve } from "@pixy/testing";
import { createCommandLine } from "./lib/command-line.ts";

const [port, ...named] = process.argv.slice(2);
const apps = Object.fromEntries(named.map((text) => text.split(/=(.*)/s, 2)));
const provider = createAuthorizationServer();
const commandLine = createCommandLine({ provider, providerUrl: () => url });
const { url, close } = await serve(provider, {
  port: Number(port),
  page: { apps, programs: { "command line": commandLine } },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void Promise.all([close(), commandLine.close()]).then(() => process.exit(0)));
}
console.log(`listening on ${url}`);
