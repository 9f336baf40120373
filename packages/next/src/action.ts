import {
  type Auth,
  type ConnectRequest,
  checkGuardOptions,
  type LoginOptions,
  RequestError,
  type RequestHandle,
  type SignedIn,
} from "@pixy/server";
import { makePrivate } from "./outgoing.ts";
import { redirectTo, redirectToLogin } from "./redirect.ts";
import { scopeMissing } from "./scope-missing.ts";
import { keepCookies, visit } from "./visit.ts";

export interface WithLoginOptions {
  /** Scopes that the code needs. */
  readonly scope?: readonly string[] | undefined;
  /** Where nobody is logged in the code runs all the same, and is given `null`. */
  readonly optional?: boolean | undefined;
}

/** Runs code with the login of the request, where cookies can be written; what it changed is kept when the code ends. */
export interface WithLogin<Data, Key extends string | null> {
  <Result>(
    run: (login: SignedIn<Data, Key>) => Result | Promise<Result>,
    options?: WithLoginOptions & { readonly optional?: false | undefined },
  ): Promise<Result>;
  <Result>(
    run: (login: SignedIn<Data, Key> | null) => Result | Promise<Result>,
    options: WithLoginOptions,
  ): Promise<Result>;
}

/** What Server Actions ask of the login. Cookies can be written there. */
export interface Actions<Data, Key extends string | null> {
  action<Arguments extends readonly unknown[], Result>(
    handler: (login: SignedIn<Data, Key>, ...given: Arguments) => Result | Promise<Result>,
  ): (...given: Arguments) => Promise<Result>;
  readonly withLogin: WithLogin<Data, Key>;
  login(options?: LoginOptions<Key>): Promise<never>;
  connect(wanted: ConnectRequest<Key>): Promise<never>;
  logout(): Promise<never>;
}

export function createActions<Data, Key extends string | null>(authOf: () => Auth<Data, Key>): Actions<Data, Key> {
  /** Keeps what changed in every case: a refresh token that is lost here cannot be had again. */
  async function inAction<Result>(
    run: (auth: Auth<Data, Key>, handle: RequestHandle<Data, Key>) => Promise<Result>,
  ): Promise<Result> {
    const { cookies, request, canSetCookies, hasAnswered } = await visit("POST");
    const auth = authOf();
    let isOver = !canSetCookies;
    // What nobody waits for, as a procedure of a stream of tRPC, goes on after the answer has begun.
    const handle = auth.open(request, { canSetCookies: () => !isOver && !hasAnswered(), onRead: makePrivate });
    try {
      return await run(auth, handle);
    } finally {
      await handle.settled();
      if (canSetCookies) keepCookies(cookies, handle.takeResponseHeaders());
      isOver = true;
    }
  }

  /** Leads to the provider, with the cookies of what has begun. */
  async function leaveFor(auth: Auth<Data, Key>, response: Response): Promise<never> {
    keepCookies((await visit("POST")).cookies, response.headers);
    // Also where nobody asked who is there: it gives this browser a cookie.
    makePrivate();
    return redirectTo(auth, response.headers.get("location") ?? "");
  }

  function withLogin<Result>(
    run: (login: SignedIn<Data, Key>) => Result | Promise<Result>,
    { scope = [], optional = false }: WithLoginOptions = {},
  ): Promise<Result> {
    if (scope.length > 0) checkGuardOptions({}, scope);
    return inAction(async (_auth, handle) => {
      const login = await handle.signedIn();
      if (login === null && !optional) throw await whyNobody(handle);
      if (login !== null && !(await login.hasScope(...scope))) throw scopeMissing(scope);
      return run(login as SignedIn<Data, Key>);
    });
  }

  return {
    withLogin: withLogin as WithLogin<Data, Key>,
    action: (handler) =>
      async function pixyAction(...given) {
        return inAction(async (auth, handle) => {
          const login = (await handle.signedIn()) ?? (await redirectToLogin(auth, handle, handle.request.url));
          return handler(login, ...given);
        });
      },
    login: (options) =>
      inAction(async (auth, handle) => {
        const returnTo = auth.returnPath(handle.request.url);
        return leaveFor(auth, await auth.login(handle, { returnTo, ...options }));
      }),
    connect: (wanted) =>
      inAction(async (auth, handle) => {
        const returnTo = auth.returnPath(handle.request.url);
        const response = await auth.connect(handle, { returnTo, ...wanted });
        if (response.headers.has("location")) return leaveFor(auth, response);
        // An action has no page to answer with.
        throw new RequestError("The account was not connected.", {
          ...{ code: "connect_refused", status: response.status },
          hint: "The event login.failed says why: nobody is logged in to your app, or the form is another origin's.",
        });
      }),
    logout: () => inAction(async (auth, handle) => redirectTo(auth, await auth.logout(handle))),
  };
}

/** The error of a login that is not there, or whose token nobody renews. */
async function whyNobody<Data, Key extends string | null>(handle: RequestHandle<Data, Key>): Promise<unknown> {
  return handle.fetch("/").catch((error: unknown) => error);
}
