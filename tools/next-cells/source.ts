import { root } from "../lib/example.ts";

/** Tells what of a folder of the repository somebody wrote from what was installed or built there. */
export const isSource = (path: string): boolean =>
  !/\/(node_modules|\.next|\.turbo)(\/|$)/.test(path.slice(root.length - 1));
