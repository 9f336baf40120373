import { describe, expect, it } from "vitest";
import { lineOf } from "./event-line.ts";
import type { PixyEvent } from "./events.ts";

const error = new Error("why", { cause: new Error("self-signed certificate") });
const session = "01234567";

describe("what is printed of an event", () => {
  it.each<PixyEvent>([
    { type: "login.failed", code: "login_handler_failed", error },
    { type: "login.failed", code: "provider_unavailable", error },
    { type: "login.failed", code: "store_full", error },
    { type: "login.failed", code: "profile_unavailable", error },
    { type: "session.ended", session, reason: "refused", error },
    { type: "session.ended", session, reason: "too large", error },
    { type: "refresh.failed", session, outcome: "refused", error, wait: 10_000 },
    { type: "refresh.failed", session, outcome: "misconfigured", error, wait: 10_000 },
    { type: "revocation.failed", session, error },
    { type: "session.end_failed", error },
  ])("is what somebody has to mend, with its causes: $type $code $reason $outcome", (event) => {
    const line = lineOf(event) ?? "";
    expect(line).toContain("why");
    expect(line).toContain("caused by Error: self-signed certificate");
  });

  it("is what the provider says of a login that it refuses", () => {
    const line = lineOf({
      type: "login.refused",
      by: "provider",
      error: "invalid_request",
      description: "nonce required\n",
    });
    expect(line).toBe("The provider refused a login: invalid_request: nonce required?");
  });

  it.each<PixyEvent>([
    { type: "login.failed", code: "callback_invalid", error },
    { type: "login.failed", code: "login_not_found", error },
    { type: "login.failed", code: "login_refused", error },
    { type: "login.refused", by: "provider", error: "access_denied" },
    { type: "session.ended", session, reason: "logout" },
    { type: "refresh.failed", session, outcome: "unavailable", error, wait: 1_000 },
    { type: "cookie.rejected", reason: "tampered" },
    { type: "tokens.refreshed", session, rotated: true },
  ])("is nothing for what is everyday, and for what strangers cause: $type $code", (event) => {
    expect(lineOf(event)).toBeNull();
  });
});
