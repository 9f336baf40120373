import { copyFile } from "node:fs/promises";
import { library } from "../../tsup.base.ts";

export default library({
  entry: ["src/index.ts", "src/cli.ts"],
  platform: "node",
  // The control page's own files are sent as they are.
  onSuccess: async () => {
    for (const file of ["page.js", "page.css"]) await copyFile(`src/control/${file}`, `dist/${file}`);
  },
});
