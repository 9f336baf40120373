import { ConfigurationError } from "@pixy/server";

const shape = /^\/(?:\*|[\w.~%-]+(?:\/[\w.~%-]+)*(?:\/\*)?)?$/;

/**
 * Reads the paths that `auth.protect` is given, without Next's `basePath`: `/account` is one page, `/admin/*` is `/admin` and
 * all below it.
 *
 * @throws ConfigurationError
 */
export function matcherOf(paths: readonly string[]): (pathname: string) => boolean {
  for (const path of paths) {
    if (shape.test(path)) continue;
    const hint = 'Give paths such as "/account", or "/admin/*" for all below it.';
    throw new ConfigurationError(`${path} cannot be protected. ${hint}`, {
      ...{ code: "invalid_option", option: "protect", hint },
    });
  }
  return (pathname) => {
    const asked = comparable(pathname);
    return paths.some((path) => {
      if (!path.endsWith("/*")) return comparable(path) === asked;
      const folder = comparable(path.slice(0, -2));
      return asked === folder || asked.startsWith(`${folder === "/" ? "" : folder}/`);
    });
  };
}

/** Next's router decodes a path and knows a final slash. */
function comparable(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {}
  return decoded.length > 1 && decoded.endsWith("/") ? decoded.slice(0, -1) : decoded || "/";
}
