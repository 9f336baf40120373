import { CallbackError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { returnPath, settingsWith } from "../../test/settings.ts";
import { providerUnavailable, RequestError } from "../errors.ts";
import type { Attempt } from "../login/attempt.ts";
import type { PixyEvent } from "../settings/events.ts";
import { clearedCookie, type SetCookie, setCookieLine } from "../web/set-cookie.ts";
import { type FailurePage, unfinishedCallback } from "./unfinished-callback.ts";

const attempt = { returnTo: returnPath("/me?page=2") } as Attempt;
const done = [clearedCookie("attempt", true)];

/** Answers, and tells what the page was made of. */
async function answered(error: unknown) {
  const events: PixyEvent[] = [];
  const pages: { readonly code: string; readonly cookies: readonly SetCookie[] | undefined }[] = [];
  const page: FailurePage = async ({ code, status }, { cookies } = {}) => {
    pages.push({ code, cookies });
    return new Response(null, { status });
  };
  const settings = settingsWith({ onEvent: (event) => void events.push(event) });
  const response = await unfinishedCallback(settings, error, { attempt, done }, page);
  return { response, events, pages };
}

describe("a callback that was not finished", () => {
  it("leaves the attempt alone where the provider has not seen the code, and else spends it", async () => {
    const { pages: unseen } = await answered(providerUnavailable(1_000));
    expect(unseen).toEqual([{ code: "provider_unavailable", cookies: [] }]);
    const failure = new RequestError("It failed.", {
      code: "login_handler_failed",
      status: 503,
      hint: "See the cause.",
    });
    expect((await answered(failure)).pages).toEqual([{ code: "login_handler_failed", cookies: done }]);
  });

  it("leaves the attempt alone where the answer is not that of its login", async () => {
    const wrong = new CallbackError("Another issuer.", { code: "issuer_mismatch", hint: "none" });
    const { pages, response } = await answered(wrong);
    expect([response.status, pages]).toEqual([400, [{ code: "callback_invalid", cookies: undefined }]]);
  });

  it("leads whoever said no at the provider back into the app, and tells the provider's words to the app alone", async () => {
    const refusal = new CallbackError("The person said no.", {
      ...{ code: "authorization_refused", hint: "none", error: "access_denied", errorDescription: "Said no" },
    });
    const { response, events, pages } = await answered(refusal);
    expect([response.status, response.headers.get("location"), response.headers.getSetCookie(), pages]).toEqual([
      ...[303, "/me?page=2&auth_error=access_denied", done.map(setCookieLine), []],
    ]);
    expect(events).toMatchObject([
      { type: "login.refused", by: "provider", error: "access_denied", description: "Said no" },
    ]);
  });
});
