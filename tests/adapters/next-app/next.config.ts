import type { NextConfig } from "next";

const config: NextConfig = {
  // Nobody builds it twice.
  experimental: { turbopackFileSystemCacheForBuild: false },
  headers: async () => [
    { source: "/people/configured/:path*", headers: [{ key: "Cache-Control", value: "public, max-age=600" }] },
  ],
};

export default config;
