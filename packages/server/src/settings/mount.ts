import { stripPrefix } from "./base-url.ts";
import type { Settings } from "./settings.ts";

/** Says once that our routes hang where none of them can match. */
export type CheckMount = (mount: string, lineAt: (path: string) => string) => void;

/**
 * Makes the check of where an app has mounted our routes. It is told what the framework knows of the mount, never what
 * somebody asks for: no path of a stranger's makes it speak in an app that is mounted right.
 */
export function createMountCheck<Data>(settings: Settings<Data>): CheckMount {
  let isSilent = false;
  return (mount, lineAt) => {
    if (isSilent || mayMatchBelow(settings, mount)) return;
    isSilent = true;
    const { authPath, basePath, emit } = settings;
    emit({
      type: "set-up.warning",
      code: "routes_mounted_elsewhere",
      message:
        `auth.routes() is mounted at ${mount}, but authPath is ${authPath}: none of its routes is found. ` +
        `Mount it with ${lineAt(authPath)}, or set authPath: "${stripPrefix(mount, basePath)}".`,
    });
  };
}

// Nothing follows from a mount with a parameter or a wildcard.
const literal = /^[\w/.~%@+-]*$/;

function mayMatchBelow<Data>({ basePath, authPath, ways }: Settings<Data>, mount: string): boolean {
  if (!literal.test(mount)) return true;
  // Routers commonly ignore case, and a proxy may have taken off the base path.
  const own = [authPath, ...ways.map((way) => way.callbackPath)].flatMap((path) => [`${path}/`, `${basePath}${path}/`]);
  return own.some((path) => path.toLowerCase().startsWith(`${mount.replace(/\/$/, "").toLowerCase()}/`));
}
