import { nameOf } from "../name-of.ts";

export default async function Page() {
  return <h1>{await nameOf()}</h1>;
}
