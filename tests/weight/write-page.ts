/** Writes the page that says what each part of a bundle buys. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { weigh, weightPage } from "./weight.ts";

writeFileSync(fileURLToPath(new URL("../../bench/weight.md", import.meta.url)), weightPage(await weigh()));
