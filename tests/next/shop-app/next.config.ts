import type { NextConfig } from "next";

/** All at once: what each of them breaks is broken beside the others, too. */
const config: NextConfig = {
  basePath: "/shop",
  trailingSlash: true,
  cacheComponents: true,
  partialPrefetching: true,
  output: "standalone",
  experimental: { authInterrupts: true },
  rewrites: async () => [{ source: "/konto", destination: "/profile" }],
  transpilePackages: ["example-shared"],
  // `typecheck` is a step of its own.
  typescript: { ignoreBuildErrors: true },
};

export default config;
