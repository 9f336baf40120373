import { setTimeout as wait } from "node:timers/promises";
import { auth } from "../../auth.ts";
import { answer } from "../answer.ts";

export const GET = auth.route(async (request, login) => {
  const milliseconds = Number(request.nextUrl.searchParams.get("ms")) || 0;
  await wait(Math.min(Math.max(milliseconds, 0), 10_000));
  return answer(await login.fetch("/v1/me"));
});
