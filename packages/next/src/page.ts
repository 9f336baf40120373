import { type Auth, checkGuardOptions, type GuardOptions, type RequestHandle, type SignedIn } from "@pixy/server";
import { pathHeader } from "./forwarded-path.ts";
import { makePrivate } from "./outgoing.ts";
import { redirectToLogin } from "./redirect.ts";
import { visit } from "./visit.ts";

/** What a page, a layout or a nested component asks of the login. Cookies cannot be written there. */
export interface Page<Data, Key extends string | null> {
  of(): Promise<RequestHandle<Data, Key>>;
  requireLogin(options?: GuardOptions): Promise<SignedIn<Data, Key>>;
}

export function createPage<Data, Key extends string | null>(authOf: () => Auth<Data, Key>): Page<Data, Key> {
  // Next gives every component of one rendering the same object, and a new one once an action changed a cookie.
  const handles = new WeakMap<object, RequestHandle<Data, Key>>();

  async function of(): Promise<RequestHandle<Data, Key>> {
    const { cookies, request } = await visit("GET");
    const known = handles.get(cookies);
    if (known) return known;
    const handle = authOf().open(request, { canSetCookies: () => false, onRead: makePrivate });
    handles.set(cookies, handle);
    return handle;
  }

  return {
    of,
    async requireLogin(options) {
      checkGuardOptions(options);
      const handle = await of();
      const login = await handle.signedIn();
      if (login !== null) return login;
      // Without a proxy nobody knows the path of a page.
      const path = handle.request.header(pathHeader);
      if (path !== null) authOf().checkGuarded(path);
      return redirectToLogin(authOf(), handle, options?.returnTo ?? handle.request.url);
    },
  };
}
