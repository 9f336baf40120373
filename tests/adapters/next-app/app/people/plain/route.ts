import { nameOf } from "../name-of.ts";

export const GET = async () => new Response(await nameOf());
