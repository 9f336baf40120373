import { consumes, type Fault } from "../state/fault.ts";
import { invalidToken } from "./api-endpoint.ts";
import { json } from "./endpoint.ts";

/** What a client gets: an answer, a dead connection, or silence. */
export type Answer = { readonly kind: "response"; readonly response: Response } | { readonly kind: "reset" | "hang" };

/** The path that redirects lead to, unless another is given; a visit shows that a client followed. */
export const elsewhere = "/elsewhere";

/** Lets a fault spoil an answer; `work` is what the server would have done. */
export async function spoil(
  fault: Fault,
  work: () => Promise<Response>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<Answer> {
  if (fault.kind === "delay" && !consumes(fault)) {
    await wait(fault.milliseconds);
    return { kind: "response", response: await work() };
  }
  const normal = consumes(fault) ? await work() : new Response(null, { status: 204 });
  if (fault.kind === "hang") return { kind: "hang" };
  if (fault.kind === "reset-before-consume" || fault.kind === "reset-after-consume") return { kind: "reset" };
  if (fault.kind === "delay") await wait(fault.milliseconds);
  return { kind: "response", response: await spoiledResponse(fault, normal) };
}

async function spoiledResponse(fault: Fault, normal: Response): Promise<Response> {
  switch (fault.kind) {
    case "status": {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      return json(fault.status, fault.body ?? statusBody(fault), headers);
    }
    case "html":
      return new Response("<!doctype html><title>Gateway</title><h1>Something is in between</h1>", {
        status: fault.status,
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    case "text":
      return new Response(fault.body ?? "Active premium subscription required for the owner of the app.", {
        status: fault.status,
        headers: { "content-type": "text/plain; charset=utf-8" },
      });
    case "redirect":
      return new Response(null, { status: fault.status ?? 307, headers: { location: fault.location ?? elsewhere } });
    case "huge-body":
      return json(200, { access_token: "x".repeat(fault.bytes ?? 10_000_000), token_type: "Bearer" });
    case "half-json": {
      const text = await normal.text();
      return new Response(text.slice(0, Math.floor(text.length / 2)), normal);
    }
    case "members": {
      if (!normal.ok) return normal;
      const body = { ...((await normal.json()) as Record<string, unknown>), ...fault.set };
      for (const name of fault.remove ?? []) delete body[name];
      return json(normal.status, body);
    }
    case "body":
      return new Response(fault.body, { headers: { "content-type": fault.contentType ?? "application/json" } });
    case "unauthorized":
      return invalidToken("Invalid access token");
    default:
      return normal;
  }
}

/** The API speaks Spotify's dialect of errors, every other endpoint OAuth's. */
function statusBody({ at, status }: Fault & { kind: "status" }): unknown {
  const message = status === 429 ? "API rate limit exceeded" : "Service unavailable";
  if (at === "api") return { error: { status, message } };
  return { error: status < 500 ? "invalid_request" : "server_error", error_description: message };
}
