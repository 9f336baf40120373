import { project } from "../../../vitest.base.ts";

/** Asked for by `pnpm check interop-debian` alone, because the servers come from Debian. */
export default project("interop on Debian", { include: ["tests/interop/debian/*.debian.ts"] });
