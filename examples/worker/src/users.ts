import type { Request, Response } from "express";

/** The app's own users. Yours are in a table, and have a login of their own. */
export const users: readonly string[] = ["user-1", "user-2"];

const cookie = "pixy-worker-user";

/** Who of them sends a request. Anybody may say who they are here: this is a demo, and no login. */
export function userOf({ headers }: Request): string | null {
  const name = new RegExp(`(?:^|; )${cookie}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1];
  return name !== undefined && users.includes(name) ? name : null;
}

export function become(res: Response, user: string): void {
  res.cookie(cookie, user, { httpOnly: true, sameSite: "lax" });
}
