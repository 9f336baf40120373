import type { ReturnPath } from "./return-path.ts";

/** The parameter that tells a page that the login which led to it was refused. */
const parameter = "auth_error";
const said = /[?&]auth_error=/;

/** Tells whether a path says that the login before it was refused. */
export function hasLoginError(path: string): boolean {
  // Looked for as text: a stranger's page may have thousands of parameters.
  return said.test(path);
}

/** Returns a path that says why the login was refused, and nothing of those before it. */
export function withLoginError(path: ReturnPath, reason: string): ReturnPath {
  const [before = "", ...fragment] = withoutLoginError(path).split("#");
  const separator = before.includes("?") ? "&" : "?";
  return [`${before}${separator}${parameter}=${encodeURIComponent(reason)}`, ...fragment].join("#") as ReturnPath;
}

/** Returns a path without what an earlier login said: with it, a guard would not lead to a login again. */
export function withoutLoginError(path: ReturnPath): ReturnPath {
  if (!hasLoginError(path)) return path;
  const [before = "", ...fragment] = path.split("#");
  const [pathname = "", ...query] = before.split("?");
  const kept = query.join("?").split("&");
  const others = kept.filter((pair) => !pair.startsWith(`${parameter}=`)).join("&");
  return [others === "" ? pathname : `${pathname}?${others}`, ...fragment].join("#") as ReturnPath;
}
