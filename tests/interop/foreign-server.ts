import type { Provider } from "@pixy/server";
import type { Page, UserAgent } from "@pixy/testing";

/** The columns of the matrix. */
export const cells = [
  "login",
  "50 requests",
  "reuse",
  "death",
  "denied",
  "redirect URI",
  "revocation",
  "discovery",
] as const;

export type Cell = (typeof cells)[number];

/** What a server's own text says instead of such a thing. A test looks it up. */
export interface Absence {
  /** Word for word, where it lists what it has. */
  readonly says: string;
  /** The file: `package/path` of an installed package, or a path of Debian's. */
  readonly where: string;
  /** What the file would have to mention. */
  readonly never: RegExp;
}

/** A refresh that is refused: in the server's words, and what they mean for the person and the grant. */
export interface Death {
  readonly answer: string;
  readonly meaning: "ended" | "refused but kept" | "outage";
}

export const invalidGrant: Death = { answer: "400 invalid_grant", meaning: "ended" };

/** An authorization server that we did not write, and how it answers. Each answer is checked, and stands on the page. */
export interface ForeignServer {
  readonly name: string;
  readonly version: string;
  readonly absent: Partial<Record<Cell, Absence>>;
  /** A refresh token that was replaced and is shown again: it is answered, or refused, or ends the grant. */
  readonly reuse: "answered" | "answered; the one that replaced it is dead" | (Death & { readonly endsGrant: boolean });
  /** Where a person who says no ends up: in the app, in the app without a `state`, or on a page of the server. */
  readonly denied?: "app" | "app, no state" | "server";
  /** Where a login with an unregistered redirect URI ends up. */
  readonly misdirected?: "app, no state" | "server";
  /** The ways in which a refresh token dies there. */
  readonly deaths: Readonly<Record<string, Death>>;
  /** What is answered to a refresh token that a logout has revoked. */
  readonly revoked?: string;
  /** What we do wrong, by the name of a cell or of a death: the test has the right value, and fails. */
  readonly faults?: Readonly<Record<string, string>>;
  /** Starts it on a free port of loopback, with the app registered. */
  start(redirectUri: string): Promise<RunningServer>;
}

export interface RunningServer {
  readonly url: string;
  readonly provider: Provider;
  readonly clientId: string;
  /** Of a confidential client; it is sent by HTTP Basic. */
  readonly secret?: string;
  readonly scope: readonly string[];
  /** The path of the API, at the server, that says who the person is. */
  readonly profile: string;
  /** What it answers as `sub`. */
  readonly person: string | RegExp;
  /** Reads the provider from the metadata of an issuer. */
  discover?(issuer: string): Promise<Provider>;
  /** How many requests have reached the token endpoint. */
  tokenRequests(): number;
  /** Opens the URL and goes through the server's own pages as a person, up to what is not one of them. */
  visit(browser: UserAgent, url: string, decision: "allow" | "deny"): Promise<Page>;
  /** Lets a person log in, which gives the refresh token, and sees to it that this is dead afterwards. */
  readonly deaths: Readonly<Record<string, (logIn: () => Promise<string>) => Promise<void>>>;
  close(): Promise<void>;
}
