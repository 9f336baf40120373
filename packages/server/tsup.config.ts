import { library } from "../../tsup.base.ts";

export default library({
  entry: { index: "src/index.ts", pixy: "bin/pixy.ts" },
  // The command uses the library that stands beside it, not a second copy.
  external: ["@pixy/server", /^node:/],
});
