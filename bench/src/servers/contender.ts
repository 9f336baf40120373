import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * An application that answers `GET /me` with the same body for somebody who is signed in and refuses everybody else,
 * and whose `GET /enter?person=N` ends, over redirects if need be, with the cookies of a signed-in person.
 */
export type Contender = (setting: Setting) => Listener | Promise<Listener>;

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What a contender may need to know before it exists. */
export interface Setting {
  readonly origin: string;
  /** Makes the body and counts a request of somebody who is signed in. */
  readonly body: (name: string) => { readonly name: string };
  /** Where an OpenID provider listens, for libraries that want one. */
  readonly issuer: string;
}

export const nameOf = (person: unknown): string => `Ada Lovelace ${String(person).padStart(5, "0")}`;
export const secret: string = randomBytes(32).toString("hex");

/** As long as those of Spotify, because what travels in a cookie costs by its length. */
export const tokens = {
  accessToken: `BQ${"x".repeat(200)}`,
  refreshToken: `AQ${"y".repeat(130)}`,
  expiresIn: 3600,
  scope: ["user-read-private"],
} as const;
