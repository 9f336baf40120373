import type { Auth } from "@pixy/server";
import type { Context } from "hono";
import { routePath } from "hono/route";

/** Has the mount of our routes checked, by the pattern that the app wrote. */
export function checkMount<Data>(auth: Auth<Data>, c: Context): void {
  auth.checkMount(routePath(c).replace(/\/?\*$/, ""), (path) => `app.route("${path}", auth.routes())`);
}
