import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { project } from "../../vitest.base.ts";

const inNode = project("cloudflare");

/** The tests run inside workerd, beside the Durable Objects. */
export default {
  ...inNode,
  plugins: [cloudflareTest({ wrangler: { configPath: "./test/wrangler.jsonc" } })],
};
