import { alone, project } from "../vitest.base.ts";
import { waiting } from "./vitest.processes.config.ts";

export default project("tests", { include: ["**/*.test.ts"], exclude: ["**/node_modules/**", ...waiting], ...alone });
