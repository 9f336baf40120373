import { redirect } from "next/navigation";
import { nameOf } from "../../name-of.ts";

export default async function Leaving() {
  return redirect(`/hello?name=${await nameOf()}`);
}
