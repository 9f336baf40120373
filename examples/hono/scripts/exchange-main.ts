/** `exchange-main seal` and `exchange-main open COOKIE`, for Node, Bun and Deno; the bindings are the environment. */
import process from "node:process";
import { fetchModule, open, seal, type WorkerModule } from "./exchange.ts";

const worker = (await import(new URL("../dist/worker.js", import.meta.url).href)) as WorkerModule;
const [command, cookie = ""] = process.argv.slice(2);
const app = fetchModule(worker, { ...process.env, BASE_URL: process.env.BASE_URL ?? "" });
console.log(command === "seal" ? await seal(app) : await open(app, cookie));
