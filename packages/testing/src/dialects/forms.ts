import type { ReceivedRequest } from "../state/recorded-request.ts";
import type { Dialect } from "./dialect.ts";

/** Answers token requests as a form, where the request does not ask for JSON as this provider wants to be asked. */
export function inForm(isForm: (request: ReceivedRequest) => boolean): Dialect {
  return (strict) => async (request, decided) => {
    const answer = await strict(request, decided);
    if (request.record.kind !== "token" || !isForm(request)) return answer;
    const members = (await answer.json()) as Record<string, unknown>;
    const texts = Object.entries(members).map(([name, value]) => [name, String(value)]);
    return new Response(new URLSearchParams(texts), { status: answer.status });
  };
}
