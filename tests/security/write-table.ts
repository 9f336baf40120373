/** Writes the page of threats from the checklist and the names of the tests. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { trackedFiles } from "../lib/tracked-files.ts";
import { threatsPage } from "./security-table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
writeFileSync(`${root}tests/security/threats.md`, threatsPage(trackedFiles(root)));
