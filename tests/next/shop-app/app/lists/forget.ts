"use server";
import { updateTag } from "next/cache";
import { auth } from "../../auth.ts";

/** After a change: this person's, and nobody else's. */
export const forget = auth.action(async (login): Promise<void> => {
  updateTag(`lists-${login.current.data.id}`);
});
