import { getIronSession, type IronSession } from "iron-session";
import { cookies } from "next/headers";
import type { Bench } from "./bench";

interface Data {
  name?: string;
  tokens?: Bench["tokens"];
}

export async function ironSession(): Promise<IronSession<Data>> {
  const password = process.env.SESSION_SECRET ?? "";
  return getIronSession(await cookies(), { password, cookieName: "iron", cookieOptions: { secure: false } });
}
