import { library } from "../../tsup.base.ts";

// Not shaken by Rollup, which takes "use client" away.
export default library({ entry: ["src/index.ts", "src/react.ts"], external: ["react"], treeshake: false });
