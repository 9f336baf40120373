import { expect, it } from "vitest";
import type { RecordedRequest } from "../state/recorded-request.ts";
import { type Note, timeLine } from "./time-line.ts";

let at = 0;

function request(
  kind: RecordedRequest["kind"],
  app: string | null,
  more: Partial<RecordedRequest> = {},
): RecordedRequest {
  at += 1;
  return {
    ...{
      kind,
      method: kind === "token" ? "POST" : "GET",
      url: "http://provider.test/v1/me",
      headers: {},
      parameters: {},
    },
    ...{ repeated: [], at, status: 200, ...(app === null ? {} : { redirectUri: app }) },
    ...more,
  };
}

const note = (position: number, app: string | null, text: string): Note => ({
  ...{ position, app, text, at: 0, what: "done", mood: "plain" },
});

const lines = (requests: readonly RecordedRequest[], notes: readonly Note[] = [], first = 0) =>
  timeLine(requests, first, notes, (uri) => uri).map(({ app, count, text }) => `${app ?? "-"} ${count} ${text}`);

it("gathers what is alike, also where two apps take turns, and begins anew after a token request", () => {
  const refresh = { grantType: "refresh_token" };
  expect(
    lines([
      ...[request("api", "a"), request("api", "b"), request("api", "a"), request("api", "b")],
      request("token", "a", refresh),
      ...[request("api", "a"), request("api", "b"), request("token", "a", refresh)],
    ]),
  ).toEqual([
    "a 1 token request, refresh: 200",
    "a 1 GET /v1/me: 200",
    "a 1 token request, refresh: 200",
    "b 3 GET /v1/me: 200",
    "a 2 GET /v1/me: 200",
  ]);
});

it("puts a note between the requests before and after it, and closes what it stands in", () => {
  const notes = [note(2, null, "dead"), note(3, "a", "done")];
  expect(lines([request("api", "a"), request("api", "a"), request("api", "a")], notes)).toEqual([
    ...["a 1 done", "a 1 GET /v1/me: 200", "- 1 dead", "a 2 GET /v1/me: 200"],
  ]);
  expect(lines([request("api", "a")], notes, 2)).toEqual(["a 1 done", "a 1 GET /v1/me: 200", "- 1 dead"]);
});

it("says how a request ended, and whether that is bad", () => {
  const all = [
    request("token", null, { grantType: "refresh_token", status: 400, error: "invalid_grant" }),
    request("token", null, { grantType: "authorization_code", status: 503, fault: "status" }),
    { ...request("token", null), grantType: "refresh_token", fault: "hang" },
    request("api", null, { status: 401 }),
    request("authorize", null, { status: 303 }),
    request("other", null, { status: 404 }),
  ].map(({ status, ...rest }) => ({ ...rest, ...(rest.fault === "hang" || status === undefined ? {} : { status }) }));
  expect(timeLine(all, 0, [], String).map(({ text, mood, what }) => [what, text, mood])).toEqual([
    ["other", "GET /v1/me: 404", "bad"],
    ["login", "login page: 303", "good"],
    ["api", "GET /v1/me: 401", "plain"],
    ["token", "token request, refresh: no answer (hang)", "bad"],
    ["token", "token request, code exchange: 503 (status)", "bad"],
    ["token", "token request, refresh: 400 invalid_grant", "bad"],
  ]);
});
