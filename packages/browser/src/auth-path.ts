declare const process: { readonly env: { readonly __NEXT_ROUTER_BASEPATH?: string } };

/** Where the routes are unless the page says so: `/auth`, in Next below its `basePath`, which it writes in as it builds. */
export function usualAuthPath(): string {
  try {
    return `${process.env.__NEXT_ROUTER_BASEPATH ?? ""}/auth`;
  } catch {
    return "/auth";
  }
}
