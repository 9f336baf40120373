import { nameOf } from "../../name-of.ts";

export default async function Failing() {
  throw new Error(`${(await nameOf()).length} letters`);
}
