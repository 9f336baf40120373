/** @cloudflare/workers-oauth-provider in workerd: workers-oauth-provider.mjs PORT URL CLIENT */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const [port, url, client] = process.argv.slice(2);
const bundle = await build({
  entryPoints: [fileURLToPath(new URL("worker.mjs", import.meta.url))],
  ...{ bundle: true, write: false, format: "esm", target: "es2022", external: ["cloudflare:*", "node:*"] },
  conditions: ["workerd", "worker", "browser"],
  define: { URL_OF_THE_SERVER: JSON.stringify(url) },
});
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    ...{ modules: true, script: bundle.outputFiles[0].text, port: Number(port), host: "127.0.0.1" },
    ...{ compatibilityDate: "2026-06-01", kvNamespaces: ["OAUTH_KV"], upstream: url },
    cf: false,
  }),
);
await miniflare.ready;
const made = await miniflare.dispatchFetch(`${url}/client`, { method: "POST", body: client });
console.log(`listening ${await made.text()}`);
