import type { PixyOptions } from "@pixy/server";

/** What `onLogin` of the contract's options returns. */
export interface AdapterProfile {
  readonly name: string;
}

export interface RunningApp {
  /** The origin at which it listens, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface AdapterContract {
  /**
   * Whether an instance whose options have `grants` serves the following, with the user that the app's own cookie `user`
   * names, whom `ownerOf` names, too:
   *
   * - `POST /connect`: connects an account to the user, and leads to `/connected`
   * - `/connected`: `{ "connected": … }`, whether the user has a grant
   */
  readonly connects?: true;
  /** Reads a header of the framework's own request, which `onLogin` gets; without it nobody asks. */
  // biome-ignore lint/suspicious/noExplicitAny: each framework has a request of its own.
  readonly headerOf?: (request: any, name: string) => string | null | undefined;
  /** The name under which the tests are listed. */
  readonly name: string;
  /**
   * Serves one app over HTTP, on a free port, with an instance of the login for each of the options. Everything of an
   * instance lies below the path of its `baseUrl`, which is `/`, `/below/a/path`, `/second` or `/several`:
   *
   * - `/auth/…`: login, refresh, callback, logout, session
   * - `/`: `{ "name": … }` out of the session's data, or `{ "name": null }`
   * - `/me`: behind the guard; `/v1/me` as the provider answers it, with the answer's status
   * - `/playlists`: behind the guard for the scope `playlist-read-private`; `/v1/me/playlists` in the same way
   * - `/unguarded`: as `/me`, but without a guard; errors of ours are answered as the adapter answers them
   * - `/own-cookie`: as `/me`, with the app's own `Set-Cookie: own=1; Path=/` and `Vary: Accept`
   * - `/own-cache`: as `/`, with the app's own `Cache-Control: public, max-age=60, no-transform`
   * - `/streaming`: a stream that begins as the answer is made, asks for `/v1/me` at once and without a guard where the
   *   adapter can, and ends with that answer's status, or with the code of the error
   * - `/public`: `{ "ok": true }`, and nothing is asked of the login
   */
  readonly start: (...instances: readonly PixyOptions<AdapterProfile>[]) => Promise<RunningApp>;
}
