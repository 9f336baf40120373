import { nameOf } from "../name-of.ts";

export const GET = async () => new Response(await nameOf(), { headers: { "cache-control": "public, max-age=600" } });
