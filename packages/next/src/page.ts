import {
  type Auth,
  checkGuardOptions,
  type GuardOptions,
  RequestError,
  type RequestHandle,
  type SignedIn,
} from "@pixy/server";
import { makePrivate } from "./outgoing.ts";
import { forbid, redirectTo, redirectToLogin } from "./redirect.ts";
import { scopeMissing } from "./scope-missing.ts";
import { visit } from "./visit.ts";

/** What a page asks of who is there. */
export interface PageOptions<Data = unknown, Key extends string | null = string | null>
  extends Pick<GuardOptions, "returnTo"> {
  /** Scopes that the page needs: somebody who has not given them is asked once, and comes back. */
  readonly scope?: readonly string[] | undefined;
  /** Who may see the page: whoever it is false for gets Next's 403. */
  readonly allow?: ((login: SignedIn<Data, Key>) => boolean | Promise<boolean>) | undefined;
}

/** What a page, a layout or a nested component asks of the login. Cookies cannot be written there. */
export interface Page<Data, Key extends string | null> {
  of(): Promise<RequestHandle<Data, Key>>;
  requireLogin(options?: PageOptions<Data, Key>): Promise<SignedIn<Data, Key>>;
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
          : (refused) => redirectTo(auth, auth.refreshPath(made.returnTo ?? request.url, refused)),
      }),
    };
    renderings.set(cookies, made);
    return made;
  }

  return {
    of: async () => (await rendering()).handle,
    async requireLogin({ scope, allow, ...options } = {}) {
      checkGuardOptions(options, scope);
      const page = await rendering();
      const auth = authOf();
      const { handle, path } = page;
      page.returnTo ??= options.returnTo;
      const login = await handle.signedIn();
      const returnTo = options.returnTo ?? handle.request.url;
      if (login === null) {
        if (path !== null) auth.checkGuarded(path);
        return redirectToLogin(auth, handle, returnTo);
      }
      if (scope !== undefined && !(await login.hasScope(...scope))) {
        const there = await auth.stepUpPath(handle, scope, returnTo);
        return there === null ? forbid(scopeMissing(scope)) : redirectTo(auth, there);
      }
      if (allow !== undefined && (await allow(login)) !== true) return forbid(notAllowed());
      return login;
    },
  };
}

function notAllowed(): RequestError {
  return new RequestError("This person may not see this page.", {
    ...{ code: "not_allowed", status: 403 },
    hint: "The option `allow` of auth.requireLogin() says who may see it.",
  });
}
