import type { NextConfig } from "next";

const config: NextConfig = {
  // Next writes the prefix into what it builds, so BASE_URL counts here too; `start` refuses another one.
  basePath: process.env.BASE_URL ? new URL(process.env.BASE_URL).pathname.replace(/\/+$/, "") : "",
  // Without it `next dev` answers its own scripts with 403 there, and Spotify allows no localhost.
  allowedDevOrigins: ["127.0.0.1"],
  transpilePackages: ["example-shared"],
  poweredByHeader: false,
};

export default config;
