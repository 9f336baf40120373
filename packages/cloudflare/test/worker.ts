import { PixyOwnersObject, PixySessionObject } from "../src/index.ts";

export { PixyOwnersObject, PixySessionObject };

/** The same class on the older storage backend. */
export class SessionObjectOnKv extends PixySessionObject {}

export default { fetch: (): Response => new Response(null, { status: 404 }) };
