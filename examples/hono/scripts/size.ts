/** Prints the size of the built worker, part by part, and names what must not be in it. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { findLeaks, type Metafile, partsOf } from "./bundle.ts";

const dist = new URL("../dist/", import.meta.url);
const code = await readFile(new URL("worker.js", dist), "utf8");
const meta = JSON.parse(await readFile(new URL("meta.json", dist), "utf8")) as Metafile;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
for (const [part, bytes] of partsOf(meta)) console.log(`${kilobytes(bytes)}  ${part}`);
console.log(`${kilobytes(Buffer.byteLength(code))}  worker, minified`);
console.log(`${kilobytes(gzipSync(code).length)}  worker, minified and gzipped`);

const leaks = findLeaks(meta, code);
for (const leak of leaks) console.error(`leaked: ${leak}`);
if (leaks.length > 0) process.exit(1);
console.log("nothing of Node is in it");
