import { notFound } from "next/navigation";
import { nameOf } from "../../name-of.ts";

export default async function Missing() {
  return (await nameOf()) ? notFound() : null;
}
