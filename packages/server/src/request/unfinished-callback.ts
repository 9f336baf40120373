import { CallbackError } from "@pixy/core";
import type { RequestError } from "../errors.ts";
import type { Attempt } from "../login/attempt.ts";
import { callbackFailure, callbackRefusal } from "../login/callback-error.ts";
import { isUnspent } from "../login/exchanges.ts";
import type { Settings } from "../settings/settings.ts";
import { withLoginError } from "../web/login-error.ts";
import { redirect } from "../web/responses.ts";
import type { SetCookie } from "../web/set-cookie.ts";

/** Makes the page of a failure; of an attempt, where it may be told. */
export type FailurePage = (
  error: RequestError,
  options?: { readonly attempt?: Attempt; readonly cookies?: readonly SetCookie[] },
) => Promise<Response>;

/** Answers a callback that was not finished. `done` are the cookies that spend the attempt: one whose code was not sent may come again. */
export async function unfinishedCallback<Data>(
  settings: Settings<Data>,
  error: unknown,
  { attempt, done }: { readonly attempt: Attempt; readonly done: readonly SetCookie[] },
  page: FailurePage,
): Promise<Response> {
  if (!CallbackError.isInstance(error)) {
    return page(callbackFailure(error), { attempt, cookies: isUnspent(error) ? [] : done });
  }
  if (error.code !== "authorization_refused") return page(callbackRefusal("callback_invalid", error));
  // Somebody who clicks "Cancel" has done nothing wrong and goes back to the app.
  const reason = error.error ?? "authorization_refused";
  const description = error.errorDescription;
  const told = { type: "login.refused", by: "provider", error: reason } as const;
  settings.emit({ ...told, ...(description === undefined ? {} : { description }) });
  return redirect(303, withLoginError(attempt.returnTo, reason), done);
}
