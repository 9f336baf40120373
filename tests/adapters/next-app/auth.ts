import type { Pixy } from "@pixy/next";
import type { AdapterProfile } from "@pixy/testing";
import { instanceAt } from "./instances.ts";

/** The login of the running test, for code that is an app's own: it imports `auth`. */
export const auth: Pixy<AdapterProfile> = new Proxy({} as Pixy<AdapterProfile>, {
  get: (_none, name) => Reflect.get(instanceAt("/")?.auth ?? {}, name),
});
