import { auth } from "../../auth.ts";

/** Forgets to answer. */
export const GET = auth.route(() => undefined as never);
