import type { Tokens } from "@pixy/core";
import type { RequestError } from "../errors.ts";
import type { OpenSession } from "../session/session.ts";
import { allowsPass, createPasses, failureOf, fingerprintOf } from "./passes.ts";
import type { RequestSession } from "./request-session.ts";

/** Leads a page that cannot set cookies over the refresh route; who has been there finds what came of it. */
export async function leadOver<Data>(
  { settings, context, cookieHeader }: RequestSession<Data>,
  session: OpenSession<Data>,
  isRefused: boolean,
  error: RequestError,
): Promise<Tokens | RequestError> {
  const { onRefreshNeeded } = context;
  if (onRefreshNeeded === undefined) return error;
  const fingerprint = await fingerprintOf(session.tokens);
  const pass = await createPasses(settings).read(cookieHeader);
  if (allowsPass(pass, fingerprint, isRefused)) return onRefreshNeeded(isRefused ? fingerprint : null);
  // The API refuses what was brought from there, too: the page gets its answer.
  if (isRefused && pass.brought === fingerprint) return session.tokens;
  return failureOf(pass) ?? error;
}
