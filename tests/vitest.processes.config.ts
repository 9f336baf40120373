import { project } from "../vitest.base.ts";

/** What mostly waits, for leases to end and for servers to come back: the tests of the packages run beside it. */
export const waiting: readonly string[] = ["redis", "grants", "postgres"].map((name) => `processes/${name}.test.ts`);

export default project("processes", { include: waiting });
