/** Carries the path and query of a page from the proxy to the components that are rendered for it. */
export const pathHeader = "x-pixy-path";

/** Path and query as the browser asked for them, without the marker that Next's router adds to its own fetches. */
export function pathOf(url: string): string {
  const { pathname, search, searchParams } = new URL(url);
  if (!searchParams.has("_rsc")) return `${pathname}${search}`;
  searchParams.delete("_rsc");
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
