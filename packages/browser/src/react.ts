"use client";

import { createContext, createElement, type ReactNode, useContext, useState, useSyncExternalStore } from "react";
import type { DataOf, PageSession, PageState, SessionAnswer } from "./page-session.ts";
import { type PageAuth, pixy } from "./pixy.ts";

/** What a component shows: `data` is what the server's `publicData` picks; while `unavailable`, what was known before. */
export interface SessionView<Data = unknown> {
  readonly status: PageState["status"];
  readonly data: Data | null;
  readonly session: PageSession<Data> | null;
  /** Asks the server again. */
  readonly reload: () => Promise<void>;
  readonly login: PageAuth["login"];
  readonly logout: PageAuth["logout"];
  readonly fetch: PageAuth["fetch"];
}

export interface SessionProviderProperties {
  /** What the server's `publicSession()` gave: the first rendering has it, on the server too. */
  readonly initial?: SessionAnswer | undefined;
  /** Where the server's routes are, with the app's path prefix. Default: `/auth`, in Next below its `basePath`. */
  readonly authPath?: string | undefined;
  readonly children?: ReactNode;
}

let usual: PageAuth | undefined;

/** The one of components without a provider, made as the first of them asks. */
function usualAuth(): PageAuth {
  usual ??= pixy();
  return usual;
}

const Context = createContext<PageAuth | null>(null);
const unknown: PageState = { status: "loading", session: null };

/** Gives the components below what the server knew already. Without it, or without `initial`, they ask. */
export function SessionProvider({ children, ...options }: SessionProviderProperties): ReactNode {
  const [auth] = useState(() => pixy(options));
  return createElement(Context.Provider, { value: auth }, children);
}

/**
 * Says who is logged in, and renders again when that changes, by another tab too.
 *
 * @example
 * const { status, data } = useSession<typeof auth>(); // `import type { auth } from "../auth"`: a type, no code
 */
export function useSession<Login = unknown>(): SessionView<DataOf<Login>> {
  const given = useContext(Context) as PageAuth<DataOf<Login>> | null;
  const auth = given ?? (usualAuth() as PageAuth<DataOf<Login>>);
  // On the server there is one for everybody, which must not know anybody.
  const onServer = given === null ? unknown : auth.state;
  const { status, session } = useSyncExternalStore(
    auth.subscribe,
    () => auth.state,
    () => onServer as PageState<DataOf<Login>>,
  );
  const { reload, login, logout, fetch } = auth;
  return { status, session, data: session?.data ?? null, reload, login, logout, fetch };
}
