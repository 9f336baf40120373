import type { NextConfig } from "next";

/** All at once: what each of them breaks is broken beside the others, too. */
const config: NextConfig = {
  basePath: "/shop",
  trailingSlash: true,
  cacheComponents: true,
  partialPrefetching: true,
  output: "standalone",
  // Nobody builds it twice.
  experimental: { authInterrupts: true, turbopackFileSystemCacheForBuild: false },
  rewrites: async () => [{ source: "/konto", destination: "/profile" }],
  transpilePackages: ["example-shared"],
};

export default config;
