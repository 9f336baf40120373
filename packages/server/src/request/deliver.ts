import type { RequestHandle } from "./request-handle.ts";

/**
 * Adds to an answer of ours what the handle has to tell the browser, such as that its session has ended. Only cookies:
 * every answer of ours is private already.
 */
export async function deliver<Data>(
  handle: RequestHandle<Data>,
  answer: Response | Promise<Response>,
): Promise<Response> {
  const response = await answer;
  for (const [name, value] of handle.takeResponseHeaders()) {
    if (name === "set-cookie") response.headers.append(name, value);
  }
  return response;
}
