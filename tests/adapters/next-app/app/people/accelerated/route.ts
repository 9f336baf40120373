import { nameOf } from "../name-of.ts";

export const GET = async () =>
  new Response(await nameOf(), {
    headers: { "x-accel-expires": "600", "surrogate-control": "max-age=600", "cdn-cache-control": "max-age=600" },
  });
