import type { Client, Provider } from "@pixy/core";
import type { EmitEvent } from "./events.ts";
import type { NewLogin } from "../login/new-login.ts";
import type { PixyOptions } from "./options.ts";
import type { Secrets } from "@pixy/grants";
import type { SessionStore } from "@pixy/grants";

/** The options after they were checked, with everything derived from them. */
export interface Settings<Data> {
  readonly provider: Provider;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly baseUrl: URL;
  /** The path of `baseUrl` without a slash at the end; `""` for the root. */
  readonly basePath: string;
  /** Below `basePath`. */
  readonly authPath: string;
  readonly callbackPath: string;
  /** With `basePath`, as a browser sees it. */
  readonly loginUrl: string;
  readonly homeUrl: string;
  readonly afterLogout: string;
  readonly scope: readonly string[];
  readonly secrets: Secrets;
  readonly secure: boolean;
  readonly cookies: { readonly session: string; readonly login: string; readonly done: string };
  /** Milliseconds. */
  readonly idle: number;
  readonly absolute: number;
  readonly store: SessionStore;
  /** Sets this instance's state in the process apart from others'. */
  readonly instance: string;
  readonly emit: EmitEvent;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly onLogin: ((login: NewLogin) => Data | Promise<Data>) | undefined;
  readonly onError: PixyOptions<Data>["onError"];
  /** The client of one login: the configured one, or the person's own. */
  client(clientId?: string): Client;
}
