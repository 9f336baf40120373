import { pixy } from "@pixy/next";
import type { AdapterProfile } from "@pixy/testing";
import { instanceAt } from "../../instances.ts";

const unbuilt = pixy<AdapterProfile>(() => {
  throw new Error("No test runs.");
});

export const authOf = () => instanceAt("/")?.auth ?? unbuilt;

/** Who asks. Nothing but the login is asked for it. */
export async function nameOf(): Promise<string> {
  return (await authOf().session())?.data.name ?? "nobody";
}
