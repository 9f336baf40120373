import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian keeps servers, which is on nobody's PATH but root's. */
const servers = "/usr/sbin";

/** Returns the file of an installed program, or `null`. */
export function onPath(program: string): string | null {
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), servers]) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
