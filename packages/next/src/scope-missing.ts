import { RequestError } from "@pixy/server";

/** The error of code that cannot ask for the scope itself. */
export function scopeMissing(scope: readonly string[]): RequestError {
  return new RequestError("This needs a permission that has not been given.", {
    ...{ code: "insufficient_scope", status: 403 },
    hint: `Ask for it: auth.login({ scope: ["${scope.join('", "')}"] }).`,
  });
}
