import { type Dialect, say } from "./dialect.ts";

/** Answers a path with metadata of the provider's own shape. */
export function publishes(path: RegExp, metadata: (match: RegExpExecArray) => unknown): Dialect {
  return (strict) => async (request, decided) => {
    const match = request.method === "GET" ? path.exec(request.url.pathname) : null;
    return match === null ? strict(request, decided) : say({ status: 200, body: metadata(match) });
  };
}
