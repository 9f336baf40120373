import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Our packages are linked from outside this folder.
  // They bring Next's types from their own installation, which are the same and not interchangeable.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: fileURLToPath(new URL("../../..", import.meta.url)) },
};

export default config;
