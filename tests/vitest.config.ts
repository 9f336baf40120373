import { project } from "../vitest.base.ts";

export default project("tests", { include: ["**/*.test.ts"] });
