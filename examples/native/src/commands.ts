import { printable } from "@pixy/core";
import type { LoginWay, NativeAuth } from "@pixy/native";
import type { Colours } from "./output.ts";

/** What a command was asked for, besides its name. */
export interface Wishes {
  readonly way: LoginWay | undefined;
  readonly again: boolean;
}

/** What a command came to: for a program, and for a person. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode?: number;
}

export type Command = (auth: NativeAuth, wishes: Wishes, colours: Colours) => Promise<Outcome>;

/** The provider answered, and not with what was asked for. */
export class AnswerError extends Error {
  override readonly name: string = "AnswerError";
}

/** Exit codes, of which scripts may ask. */
export const exitCodes = { failed: 1, usage: 2, loginRequired: 4, unavailable: 75, interrupted: 130 } as const;

export const commands: Readonly<Record<string, Command>> = {
  async login(auth, { way, again }, { bold }) {
    const status = await auth.login({ way, again });
    const name = await nameOf(auth);
    return { json: { ...status, name }, text: `Logged in as ${bold(printable(name))}.` };
  },

  async whoami(auth, _wishes, { bold }) {
    const me = await read(auth, "/v1/me");
    return { json: me, text: bold(printable(String(me.display_name))) };
  },

  async playlists(auth, _wishes, { faint }) {
    const { items } = (await read(auth, "/v1/me/playlists")) as { items: { name: string; public: boolean }[] };
    const lines = items.map((item) => `${printable(item.name)}${item.public ? "" : faint(" (private)")}`);
    return { json: items, text: lines.length === 0 ? "No playlists." : lines.join("\n") };
  },

  async status(auth, _wishes, { faint }) {
    const status = await auth.status();
    if (!status.loggedIn) return { json: status, text: "Nobody is logged in.", exitCode: exitCodes.loginRequired };
    const end = status.accessTokenExpiresAt?.toISOString();
    const token = end === undefined ? "" : ` The access token is good until ${end}.`;
    const due =
      status.reauthDueAt === null ? "" : ` A new login is due on ${status.reauthDueAt.toISOString().slice(0, 10)}.`;
    return { json: status, text: `Somebody is logged in.${due}${token}${faint(` Scopes: ${status.scope.join(" ")}`)}` };
  },

  async logout(auth) {
    await auth.logout();
    return { json: { loggedIn: false }, text: "Logged out." };
  },
};

async function nameOf(auth: NativeAuth): Promise<string> {
  return String((await read(auth, "/v1/me")).display_name);
}

async function read(auth: NativeAuth, path: string): Promise<Record<string, unknown>> {
  const answer = await auth.fetch(path);
  if (!answer.ok) throw new AnswerError(`The provider answered ${path} with ${answer.status}.`);
  return (await answer.json()) as Record<string, unknown>;
}
