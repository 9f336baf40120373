/** One contender in a process of its own: `main.ts FRAMEWORK NAME`. It is told what to do over the IPC channel. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contender, Listener } from "./contender.ts";
import { startOpenidProvider } from "./openid-provider.ts";
import { signIn } from "./sign-in.ts";

const [framework = "", name = ""] = process.argv.slice(2);
const { contenders } = (await import(`./${framework}.ts`)) as { contenders: Record<string, Contender> };
const contender = contenders[name];
if (contender === undefined) throw new Error(`There is no ${name} for ${framework}.`);

let served = 0;
let listener: Listener = () => {};
const server = createServer((request, response) => listener(request, response));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const provider = await startOpenidProvider();
const body = (name: string): { name: string } => {
  served++;
  return { name };
};
listener = await contender({ origin, body, issuer: provider.issuer });
// No wrapper of ours between the socket and the contender while it is measured.
server.removeAllListeners("request").on("request", listener as never);

process.on("message", async (message: { enter?: number; usage?: true }) => {
  if (message.enter !== undefined) {
    const cookies: string[] = [];
    for (let person = 0; person < message.enter; person++) {
      cookies.push(name === "bare" ? "bare=1" : await signIn(`${origin}/enter?person=${person}`));
    }
    process.send?.({ cookies });
  }
  if (message.usage) {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, served, heap: process.memoryUsage().heapUsed });
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ origin });
