import { nameOf } from "../name-of.ts";

/** `next.config.ts` has a `Cache-Control` for it. */
export const GET = async () => new Response(await nameOf());
