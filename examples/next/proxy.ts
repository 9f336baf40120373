import { auth } from "./auth.ts";

export const proxy = auth.proxy;

export const config = {
  matcher: [
    {
      // The home page shows a session and needs no token, so nothing is refreshed for it.
      source: "/((?!_next/|public$|favicon.ico$).+)",
      // Next hides these headers from the proxy; only the matcher can tell what is merely fetched ahead.
      missing: [
        { type: "header", key: "next-router-prefetch" },
        { type: "header", key: "next-router-segment-prefetch" },
      ],
    },
  ],
};
