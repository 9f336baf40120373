import type { AttemptExtra, ProveRequest } from "./provider-steps.ts";
import { discardBody } from "./response-body.ts";

/**
 * Sends a request with the headers that `prove` gives, and once more where it gives others for a 400 or a 401: that answer may
 * bring a nonce (RFC 9449 sections 8 and 9).
 */
export async function sendProven(
  prove: ProveRequest | undefined,
  request: { readonly method: string; readonly url: string },
  accessToken: string | null,
  send: (headers: Readonly<Record<string, string>>) => Promise<Response>,
  mayRepeat = true,
): Promise<Response> {
  const response = await send((await prove?.(request, { accessToken, answer: null })) ?? {});
  const { status, headers } = response;
  if (!prove || (status !== 400 && status !== 401)) return response;
  // Told also of what cannot be sent again: the answer may bring the nonce that the next request needs.
  const again = await prove(request, { accessToken, answer: { status, headers } });
  if (!again || !mayRepeat) return response;
  discardBody(response);
  return send(again);
}

/** The same with what is kept for a login. */
export function provingWith(
  prove: ProveRequest | undefined,
  extra: AttemptExtra | undefined,
): ProveRequest | undefined {
  return prove && extra ? (request, grant) => prove(request, { ...grant, extra }) : prove;
}
