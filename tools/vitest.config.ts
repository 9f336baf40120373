import { alone, project } from "../vitest.base.ts";

export default project("tools", { include: ["**/*.test.ts"], ...alone });
