import type { Auth, GuardOptions, RequestHandle, SignedIn } from "@pixy/server";
import { redirect } from "next/navigation.js";
import { visit } from "./visit.ts";

/** What a page, a layout or a nested component asks of the login. Cookies cannot be written there. */
export interface Page<Data> {
  of(): Promise<RequestHandle<Data>>;
  requireLogin(options?: GuardOptions): Promise<SignedIn<Data>>;
}

export function createPage<Data>(authOf: () => Auth<Data>): Page<Data> {
  // Next gives every component of one rendering the same object, and a new one once an action changed a cookie.
  const handles = new WeakMap<object, RequestHandle<Data>>();

  async function of(): Promise<RequestHandle<Data>> {
    const { cookies, request } = await visit("GET");
    const known = handles.get(cookies);
    if (known) return known;
    const handle = authOf().open(request, { canSetCookies: () => false });
    handles.set(cookies, handle);
    return handle;
  }

  return {
    of,
    async requireLogin(options) {
      const handle = await of();
      return (await handle.signedIn()) ?? toLogin(authOf(), options?.returnTo ?? handle.request.url);
    },
  };
}

/** Leads a page or a Server Action to the login. */
export function toLogin<Data>(auth: Auth<Data>, returnTo: string): never {
  const { baseUrl, loginUrl } = auth.settings;
  const url = new URL(loginUrl, baseUrl);
  url.searchParams.set("returnTo", returnTo);
  // Absolute, because Next puts its base path in front of a path.
  redirect(url.href);
}
