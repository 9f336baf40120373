import type { Context } from "../endpoints/endpoint.ts";
import type { ReceivedRequest } from "../state/recorded-request.ts";
import { type Dialect, say, type Words } from "./dialect.ts";

/** Answers a dead access token in other words than Spotify's. */
export function refusesAccess(words: Words): Dialect {
  return (strict) => async (request, decided) => {
    const answer = await strict(request, decided);
    return request.record.kind === "api" && answer.status === 401 ? say(words) : answer;
  };
}

/** Wants another method than GET at a path of the API. */
export function wantsMethod(path: string, method: string, words: Words): Dialect {
  return (strict) => async (request, decided) =>
    request.url.pathname === path && request.method !== method ? say(words) : strict(request, decided);
}

/** Answers requests itself that the strict server knows nothing of; undefined leaves them to it. */
export function answersItself(answer: (request: ReceivedRequest, context: Context) => Words | undefined): Dialect {
  return (strict, context) => async (request, decided) => {
    const words = answer(request, context);
    return words === undefined ? strict(request, decided) : say(words);
  };
}
