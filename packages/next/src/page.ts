import { type Auth, checkGuardOptions, type GuardOptions, type RequestHandle, type SignedIn } from "@pixy/server";
import { makePrivate } from "./outgoing.ts";
import { redirectTo, redirectToLogin } from "./redirect.ts";
import { visit } from "./visit.ts";

/** What a page, a layout or a nested component asks of the login. Cookies cannot be written there. */
export interface Page<Data, Key extends string | null> {
  of(): Promise<RequestHandle<Data, Key>>;
  requireLogin(options?: GuardOptions): Promise<SignedIn<Data, Key>>;
}

/** One rendering of a page. */
interface Rendering<Data, Key extends string | null> {
  readonly handle: RequestHandle<Data, Key>;
  readonly path: string | null;
  /** Where the page wants to be come back to, if not to itself. */
  returnTo: string | undefined;
}

export function createPage<Data, Key extends string | null>(authOf: () => Auth<Data, Key>): Page<Data, Key> {
  // Next gives every component of one rendering the same object, and a new one once an action changed a cookie.
  const renderings = new WeakMap<object, Rendering<Data, Key>>();

  async function rendering(): Promise<Rendering<Data, Key>> {
    const { cookies, request, path, canSetCookies } = await visit("GET");
    const known = renderings.get(cookies);
    if (known) return known;
    const auth = authOf();
    const made: Rendering<Data, Key> = {
      path,
      returnTo: undefined,
      handle: auth.open(request, {
        canSetCookies: () => false,
        onRead: makePrivate,
        // What can set cookies is no page, and answers for itself.
        onRefreshNeeded: canSetCookies
          ? undefined
          : (refused) => {
              const there = auth.refreshPath(made.returnTo ?? request.url, refused);
              return redirectTo(new URL(there, auth.settings.baseUrl));
            },
      }),
    };
    renderings.set(cookies, made);
    return made;
  }

  return {
    of: async () => (await rendering()).handle,
    async requireLogin(options) {
      checkGuardOptions(options);
      const page = await rendering();
      const { handle, path } = page;
      page.returnTo ??= options?.returnTo;
      const login = await handle.signedIn();
      if (login !== null) return login;
      if (path !== null) authOf().checkGuarded(path);
      return redirectToLogin(authOf(), handle, options?.returnTo ?? handle.request.url);
    },
  };
}
