"use server";
import { mine } from "../../safe-action";

export const greet = mine.action(async ({ ctx }) => {
  const { status } = await ctx.login.fetch("/v1/me");
  return `Hello ${ctx.login.current.data.name}, the provider says ${status}`;
});
