import { type Auth, ConfigurationError, fromRequest } from "@pixy/server";
import type { Context } from "hono";
import { routePath } from "hono/route";

/** Finds out that a path of ours arrived through a mount that is not `authPath`: nothing would ever match there. */
export function mountError<Data>(auth: Auth<Data>, c: Context): ConfigurationError | null {
  const mount = routePath(c).replace(/\/?\*$/, "");
  if (mount === "") return null;
  const { authPath } = auth.settings;
  const name = c.req.path.slice(c.req.path.lastIndexOf("/"));
  const meant = auth.routeOf({ ...fromRequest(c.req.raw), url: authPath + name });
  if (meant === null) return null;
  return new ConfigurationError(`auth.routes() is mounted at ${mount}, but authPath is ${authPath}.`, {
    code: "invalid_option",
    option: "authPath",
    hint: `Mount it with app.route("${authPath}", auth.routes()), or set authPath: "${mount}".`,
  });
}
