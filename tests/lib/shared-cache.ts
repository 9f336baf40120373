import { request as httpRequest, type IncomingMessage } from "node:http";

/** A cache that many people share, in front of one server. */
export interface SharedCache {
  readonly fetch: (request: Request) => Promise<Response>;
  /** How many answers came from the cache. */
  hits(): number;
  kept(): readonly { readonly url: string; readonly status: number }[];
}

/**
 * `standard` keeps what RFC 9111 lets a shared cache keep, also by guessing a lifetime; `greedy` looks at `no-store`
 * alone: it keeps redirects, errors and Set-Cookie, and takes the URL for everything that tells answers apart.
 */
export type Manners = "standard" | "greedy";

interface Kept {
  readonly answer: Answer;
  /** What the request said in the headers that `Vary` names. */
  readonly variant: readonly (readonly [name: string, value: string | null])[];
}

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

// RFC 9110 section 15.1: kept without being asked to.
const cacheable = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];

export function createSharedCache(server: () => string, manners: Manners): SharedCache {
  const memory = new Map<string, Kept[]>();
  let hits = 0;
  return {
    hits: () => hits,
    kept: () => [...memory].flatMap(([url, all]) => all.map(({ answer }) => ({ url, status: answer.status }))),
    async fetch(request) {
      const reads = request.method === "GET" || request.method === "HEAD";
      const found = reads ? memory.get(request.url)?.find((kept) => matches(kept, request, manners)) : undefined;
      if (found) {
        hits++;
        return toResponse(found.answer);
      }
      const answer = await forward(server(), request);
      if (request.method === "GET" && mayKeep(answer, request, manners)) {
        memory.set(request.url, [...(memory.get(request.url) ?? []), { answer, variant: variantOf(answer, request) }]);
      }
      return toResponse(answer);
    },
  };
}

function headerOf(answer: Answer, name: string): string {
  return answer.headers
    .filter(([other]) => other.toLowerCase() === name)
    .map(([, value]) => value.toLowerCase())
    .join(",");
}

function mayKeep(answer: Answer, request: Request, manners: Manners): boolean {
  const control = headerOf(answer, "cache-control");
  if (/\bno-store\b/.test(control)) return false;
  if (manners === "greedy") return answer.status < 500;
  if (/\bprivate\b|\bno-cache\b|max-age=0\b/.test(control)) return false;
  const isPublic = /\bpublic\b|s-maxage=|must-revalidate/.test(control);
  if (request.headers.has("authorization") && !isPublic) return false;
  return (
    isPublic || /max-age=/.test(control) || headerOf(answer, "expires") !== "" || cacheable.includes(answer.status)
  );
}

function variantOf(answer: Answer, request: Request): Kept["variant"] {
  const names = headerOf(answer, "vary")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return names.map((name) => [name, name === "*" ? null : request.headers.get(name)] as const);
}

function matches({ variant }: Kept, request: Request, manners: Manners): boolean {
  if (manners === "greedy") return true;
  return variant.every(([name, value]) => name !== "*" && request.headers.get(name) === value);
}

function toResponse({ status, headers, body }: Answer): Response {
  const hasBody = ![204, 304].includes(status);
  return new Response(hasBody ? new Uint8Array(body) : null, {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/** Sends the request on as it came, which `fetch` would not: it writes Fetch Metadata of its own. */
async function forward(server: string, request: Request): Promise<Answer> {
  const { pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer());
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest(`${server}${pathname}${search}`, {
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), "content-length": body.length },
    });
    outgoing.on("response", resolve).on("error", reject).end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { rawHeaders } = message;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 ? [] : [[name, rawHeaders[index + 1] ?? ""] as const],
  );
  const dropped = ["connection", "transfer-encoding", "keep-alive", "content-length"];
  return {
    status: message.statusCode ?? 500,
    headers: headers.filter(([name]) => !dropped.includes(name.toLowerCase())),
    body: Buffer.concat(chunks),
  };
}
