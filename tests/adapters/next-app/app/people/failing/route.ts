import { nameOf } from "../name-of.ts";

export const GET = async () => {
  throw new Error(`${(await nameOf()).length} letters`);
};
