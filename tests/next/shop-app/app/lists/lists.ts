import { cacheLife, cacheTag } from "next/cache";
import { auth } from "../../auth.ts";

let made = 0;

/** Keeps what is public by an id; whoever calls it has asked who is there. */
async function listsOf(id: string): Promise<string> {
  "use cache";
  cacheTag(`lists-${id}`);
  cacheLife("hours");
  return `${id} ${++made}`;
}

export async function lists(): Promise<string> {
  const login = await auth.requireLogin();
  return listsOf(login.current.data.id);
}
