/** Writes what each package exports beside it. */
import { writeFileSync } from "node:fs";
import { root } from "../lib/example.ts";
import { apiReports } from "./report.ts";

for (const [path, report] of apiReports()) writeFileSync(root + path, report);
