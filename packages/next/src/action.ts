import type { Auth, LoginOptions, RequestHandle, SignedIn } from "@pixy/server";
import { makePrivate } from "./outgoing.ts";
import { redirectTo, redirectToLogin } from "./redirect.ts";
import { keepCookies, visit } from "./visit.ts";

/** What Server Actions ask of the login. Cookies can be written there. */
export interface Actions<Data, Key extends string | null> {
  action<Arguments extends readonly unknown[], Result>(
    handler: (login: SignedIn<Data, Key>, ...given: Arguments) => Result | Promise<Result>,
  ): (...given: Arguments) => Promise<Result>;
  login(options?: LoginOptions<Key>): Promise<never>;
  logout(): Promise<never>;
}

export function createActions<Data, Key extends string | null>(authOf: () => Auth<Data, Key>): Actions<Data, Key> {
  /** Keeps what changed in every case: a refresh token that is lost here cannot be had again. */
  async function inAction<Result>(
    run: (auth: Auth<Data, Key>, handle: RequestHandle<Data, Key>) => Promise<Result>,
  ): Promise<Result> {
    const { cookies, request } = await visit("POST");
    const auth = authOf();
    let isOver = false;
    const handle = auth.open(request, { canSetCookies: () => !isOver, onRead: makePrivate });
    try {
      return await run(auth, handle);
    } finally {
      await handle.settled();
      isOver = true;
      keepCookies(cookies, handle.takeResponseHeaders());
    }
  }

  return {
    action: (handler) =>
      async function pixyAction(...given) {
        return inAction(async (auth, handle) => {
          const login = (await handle.signedIn()) ?? (await redirectToLogin(auth, handle, handle.request.url));
          return handler(login, ...given);
        });
      },
    login: (options) =>
      inAction(async (auth, handle) => {
        const response = await auth.login(handle, { returnTo: auth.returnPath(handle.request.url), ...options });
        keepCookies((await visit("POST")).cookies, response.headers);
        return redirectTo(response.headers.get("location") ?? auth.settings.baseUrl);
      }),
    logout: () =>
      inAction(async (auth, handle) => {
        const location = await auth.logout(handle);
        return redirectTo(new URL(location, auth.settings.baseUrl));
      }),
  };
}
