import { pixy } from "@pixy/next";
import { readEnvironment } from "example-shared/environment";
import { optionsOf, preset } from "./options.ts";
import { openStore } from "./store.ts";

/** A function, because `next build` imports this file, and variables are read at run time. */
export const auth = pixy(() => {
  const environment = readEnvironment(process.env, preset);
  return { ...optionsOf(environment), store: openStore(environment) };
});
