import type { NextConfig } from "next";

const config: NextConfig = {
  headers: async () => [
    { source: "/people/configured/:path*", headers: [{ key: "Cache-Control", value: "public, max-age=600" }] },
  ],
};

export default config;
