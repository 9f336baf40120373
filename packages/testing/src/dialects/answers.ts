import { type Context, json } from "../endpoints/endpoint.ts";
import type { Grant } from "../state/grants.ts";
import type { Person } from "../state/people.ts";
import type { ReceivedRequest } from "../state/recorded-request.ts";
import { type Dialect, type Members, say, type Words } from "./dialect.ts";

/** What kind of request was answered. */
export type Asked = "code" | "refresh" | "revoke" | "other";

/** What the strict server knows of an answer with tokens. */
export interface Issue {
  readonly asked: Asked;
  readonly grant: Grant;
  readonly person: Person;
  readonly scope: readonly string[];
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  /** Seconds until each clock ends the refresh token, if it runs. */
  readonly idle: number | null;
  readonly absolute: number;
}

/** Answers with tokens in other members than RFC 6749 section 5.1. */
export function answersTokens(change: (members: Members, issue: Issue) => Members): Dialect {
  return (strict, context) => async (request, decided) => {
    const answer = await strict(request, decided);
    if (request.record.kind !== "token" || !answer.ok) return answer;
    const members = (await answer.json()) as Members;
    const grant = context.grants.findAccessToken(String(members.access_token))?.grant;
    if (grant === undefined || grant.person === null) return json(200, members);
    return json(200, withoutUndefined(change(members, issueOf(context, request, grant, grant.person, members))));
  };
}

function issueOf(
  { clock, settings }: Context,
  request: ReceivedRequest,
  grant: Grant,
  person: Person,
  members: Members,
): Issue {
  const now = clock.now();
  const asked = askedOf(request);
  const scope = String(members.scope).split(" ").filter(Boolean);
  const left = (now - grant.authorizedAt) / 1000;
  const absolute = settings.refreshTokenLifetime - left;
  return { asked, grant, person, scope, now, absolute, idle: settings.refreshTokenIdleLifetime };
}

/** A refusal of the strict server, in the words of RFC 6749 section 5.2. */
export interface Refusal {
  readonly asked: Asked;
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly form: URLSearchParams;
}

/** Refuses in other words; undefined keeps the standard's. */
export function refuses(change: (refusal: Refusal) => Words | undefined): Dialect {
  return (strict) => async (request, decided) => {
    const answer = await strict(request, decided);
    const { kind } = request.record;
    if ((kind !== "token" && kind !== "revoke") || answer.status < 400) return answer;
    const body = (await answer
      .clone()
      .json()
      .catch(() => ({}))) as { error?: unknown; error_description?: unknown };
    if (typeof body.error !== "string") return answer;
    const words = change({
      asked: askedOf(request),
      status: answer.status,
      error: body.error,
      description: String(body.error_description),
      form: request.form ?? new URLSearchParams(),
    });
    return words === undefined ? answer : say(words);
  };
}

/** Returns what a request asked for. */
export function askedOf({ record, form }: ReceivedRequest): Asked {
  if (record.kind === "revoke") return "revoke";
  const grantType = form?.get("grant_type");
  if (grantType === "authorization_code") return "code";
  return grantType === "refresh_token" ? "refresh" : "other";
}

function withoutUndefined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
