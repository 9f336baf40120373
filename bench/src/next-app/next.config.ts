import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Our packages are linked from outside this folder.
  turbopack: { root: fileURLToPath(new URL("../../..", import.meta.url)) },
};

export default config;
