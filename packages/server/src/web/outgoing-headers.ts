import type { AnswerHeaders } from "./answer-headers.ts";

/**
 * What is asked of a `ServerResponse` of Node, or of a framework's on top of it. What socket.io gives for one, where a
 * request becomes a WebSocket, has neither a list of headers nor several with one name.
 */
export interface NodeResponse {
  getHeaderNames?(): readonly string[];
  getHeader?(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  appendHeader?(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
}

/** The `Cache-Control` that has left with the headers of an answer which goes on, `""` for none; else undefined. */
export function sentCacheControl(response: {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  getHeader(name: string): unknown;
}): string | undefined {
  if (!response.headersSent || response.writableEnded) return undefined;
  return String(response.getHeader("cache-control") ?? "");
}

/** Makes the headers of a Node response such that `addHeaders` can add to them. */
export function outgoingHeaders(response: NodeResponse): AnswerHeaders {
  return new OutgoingHeaders(response);
}

class OutgoingHeaders implements AnswerHeaders {
  readonly #response: NodeResponse;

  constructor(response: NodeResponse) {
    this.#response = response;
  }

  keys(): readonly string[] {
    return this.#response.getHeaderNames?.() ?? [];
  }

  get(name: string): unknown {
    return this.#response.getHeader?.(name);
  }

  set(name: string, value: string): void {
    this.#response.setHeader(name, value);
  }

  append(name: string, value: string): void {
    // Only cookies come several times, and an upgrade renews none.
    this.#response.appendHeader?.(name, value);
  }

  delete(name: string): void {
    this.#response.removeHeader(name);
  }
}
