import { ConfigurationError } from "@pixy/server";

/**
 * Refuses the request of an API route of the Pages Router, which is Node's own.
 *
 * @throws ConfigurationError `pages_router`
 */
export function refusePagesRouter(request: Request): void {
  if (typeof request?.headers?.get === "function") return;
  throw new ConfigurationError("A handler of @pixy/next was called by the Pages Router, or without a request.", {
    code: "pages_router",
    option: "handlers",
    hint: "Move it to a Route Handler of the App Router, such as app/auth/[...pixy]/route.ts: both routers work in one app.",
  });
}

/**
 * Returns what a handler answered.
 *
 * @throws ConfigurationError `no_answer` where it returned nothing that can be sent
 */
export function checkAnswer(answer: Response, { method, url }: Request): Response {
  // Not `instanceof`: a response may come from another realm.
  if (typeof answer?.headers?.get === "function") return answer;
  throw new ConfigurationError(`The handler of ${method} ${new URL(url).pathname} returned no Response.`, {
    code: "no_answer",
    option: "route",
    hint: "Return a Response on every way through it, such as new Response(null, { status: 204 }).",
  });
}
