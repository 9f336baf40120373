import { project } from "../../vitest.base.ts";

export default project("server", { isolate: false, setupFiles: ["test/fresh-process.ts"] });
