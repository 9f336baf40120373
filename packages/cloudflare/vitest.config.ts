import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { alone, project } from "../../vitest.base.ts";

const inNode = project("cloudflare", alone);

/** The tests run inside workerd, beside the Durable Objects. */
export default {
  ...inNode,
  plugins: [cloudflareTest({ wrangler: { configPath: "./test/wrangler.jsonc" } })],
};
