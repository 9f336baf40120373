import { notFound } from "next/navigation";
import { nameOf } from "../name-of.ts";

export const GET = async () => ((await nameOf()) ? notFound() : new Response());
