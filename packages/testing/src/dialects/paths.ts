import type { Dialect } from "./dialect.ts";

/** Reads another path as one that the server has. */
export function withPath(change: (path: string) => string): Dialect {
  return (strict) => async (request, decided) => {
    const url = new URL(request.url);
    url.pathname = change(url.pathname);
    return strict({ ...request, url, query: url.searchParams }, decided);
  };
}
