import { project } from "../../../vitest.base.ts";

/** Asked for by `pnpm check interop-npm` alone, which installs the servers. */
export default project("interop from npm", { include: ["tests/interop/npm/*.npm.ts"] });
