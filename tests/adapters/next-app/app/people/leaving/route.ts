import { redirect } from "next/navigation";
import { nameOf } from "../name-of.ts";

export const GET = async () => redirect(`/hello?name=${await nameOf()}`);
