import { textsOf } from "../state/recorded-request.ts";
import { type Dialect, hearing } from "./dialect.ts";

/** Takes token requests as JSON, too. */
export function takesJson(): Dialect {
  return hearing(["token", "revoke"], (request) =>
    request.json === null ? request : { ...request, form: textsOf(request.json) },
  );
}
