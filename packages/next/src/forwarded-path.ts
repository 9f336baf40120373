/** Carries the path and query of a page from the proxy to the components that are rendered for it. */
export const pathHeader = "x-pixy-path";

/** Path and query as the browser asked for them, without the marker that Next's router adds to its own fetches. */
export function pathOf(url: string): string {
  const [path = "", ...query] = url.split("?");
  const pairs = query.join("?").split("&");
  const kept = pairs.filter((pair) => pair !== "_rsc" && !pair.startsWith("_rsc=")).join("&");
  return kept === "" ? path : `${path}?${kept}`;
}
