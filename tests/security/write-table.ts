/** Writes the table of SECURITY.md from the checklist and the names of the tests. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { trackedFiles } from "../lib/tracked-files.ts";
import { withTable } from "./security-table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const path = `${root}SECURITY.md`;
writeFileSync(path, withTable(readFileSync(path, "utf8"), trackedFiles(root)));
