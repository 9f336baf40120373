import type { Provider } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import type { Way } from "../settings/way.ts";
import { trimBlanks } from "../web/cookies.ts";
import { type Finding, failure, fine, inTime, reasonOf, warning } from "./finding.ts";

/** Asks the running app, at the address that browsers use: what a proxy changes on the way shows in the answers. */
export async function checkSite<Data>(settings: Settings<Data>): Promise<Finding[]> {
  const { baseUrl, basePath, authPath } = settings;
  const url = `${baseUrl.origin}${basePath}${authPath}/session`;
  let response: Response;
  try {
    response = await get(settings, url);
  } catch (error) {
    const message = `Nothing answers at ${url}: ${reasonOf(error)}.`;
    return [
      warning(
        "site_unreachable",
        message,
        "Start the app and run this again: what a proxy does to it shows only then.",
      ),
    ];
  }
  const wrong = await sessionProblem(settings, url, response);
  if (wrong !== null) return [wrong];
  const cache = response.headers.get("cache-control") ?? "";
  const isPrivate = cache.includes("no-store") && cache.includes("private");
  const message = `Something in front of the app turns Cache-Control into "${cache}".`;
  const hint = "Keep `private, no-store` there, or a cache hands one person's session to another.";
  return [
    fine("site", `The app answers at ${url}.`),
    ...(isPrivate ? [] : [failure("site_cached", message, hint)]),
    ...(await Promise.all(settings.ways.map((way) => checkLogin(settings, way)))).flat(),
  ];
}

async function sessionProblem<Data>(
  settings: Settings<Data>,
  url: string,
  response: Response,
): Promise<Finding | null> {
  const { status } = response;
  const { origin } = settings.baseUrl;
  const location = response.headers.get("location");
  if (status >= 300 && status < 400 && location !== null && URL.canParse(location, url)) {
    const target = new URL(location, url);
    const hint =
      target.origin === origin
        ? "Let the path pass as it is."
        : `Set baseUrl to ${target.origin}, or stop the redirect: cookies and redirect URI belong to one origin.`;
    return failure("site_redirects", `${url} is redirected to ${target.origin}${target.pathname}.`, hint);
  }
  if (status === 404) {
    const hint = `Mount the routes at ${settings.authPath}, and give baseUrl the path prefix that people see, if there is one.`;
    return failure("routes_missing", `The app has no login at ${url}.`, hint);
  }
  if (status >= 500) {
    return failure(
      "site_fails",
      `${url} answers ${status}.`,
      "Read the log of the app, or of the proxy in front of it.",
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  if (status === 200 && typeof (answer as { loggedIn?: unknown } | null)?.loggedIn === "boolean") return null;
  const hint = "Is another program on this port, or a proxy with a login of its own in front?";
  return failure("site_is_another", `${url} answers ${status}, and not as this login does.`, hint);
}

/** Starts a login that nobody finishes: the redirect tells what the running app believes, the cookie what arrives. */
async function checkLogin<Data>(settings: Settings<Data>, way: Way): Promise<Finding[]> {
  const { baseUrl, loginUrl } = settings;
  const { key, redirectUri, clientId } = way;
  const url = `${baseUrl.origin}${loginUrl}${key === null ? "" : `?provider=${key}`}`;
  const provider = await findQuietly(way);
  // That it cannot be found is told where the provider is checked.
  if (provider === null) return [];
  const response = await get(settings, url).catch((error: unknown) => error);
  if (!(response instanceof Response)) {
    const hint = "Read the log of the app, or of the proxy in front of it.";
    return [failure("login_fails", `${url} does not answer: ${reasonOf(response)}.`, hint)];
  }
  const location = response.headers.get("location") ?? "";
  if (!URL.canParse(location) || !isAt(location, provider.authorizationEndpoint)) {
    const found = URL.canParse(location) ? `leads to ${new URL(location).origin}` : `answers ${response.status}`;
    const hint = "Start the app with the provider that is checked here, or check the one that it has.";
    return [failure("login_elsewhere", `${url} ${found} and not to ${provider.name}.`, hint)];
  }
  const sent = new URL(location).searchParams;
  const differences = [
    { name: "redirect URI", sent: sent.get("redirect_uri"), ours: redirectUri },
    { name: "client id", sent: sent.get("client_id"), ours: clientId },
  ].filter((one) => one.sent !== one.ours);
  const findings = differences.map(({ name, sent, ours }) =>
    failure(
      "options_differ",
      `The running app sends the ${name} ${sent}, and the options that are checked here say ${ours}.`,
      "Give both the same options, or read the findings above for what the app has.",
    ),
  );
  const cookie = cookieProblem(settings, response.headers.getSetCookie());
  if (cookie !== null) findings.push(cookie);
  return findings.length > 0 ? findings : [fine("login", "A login starts, and its cookie arrives as it was set.")];
}

async function findQuietly({ provider }: Way): Promise<Provider | null> {
  try {
    return await provider.find();
  } catch {
    return null;
  }
}

function isAt(location: string, endpoint: string): boolean {
  const [found, wanted] = [new URL(location), new URL(endpoint)];
  return found.origin === wanted.origin && found.pathname === wanted.pathname;
}

function cookieProblem<Data>({ cookies, secure }: Settings<Data>, lines: readonly string[]): Finding | null {
  const line = lines.find((one) => one.startsWith(cookies.attempt));
  if (line === undefined) {
    const others = lines.map((one) => one.slice(0, one.indexOf("="))).join(", ") || "none";
    const message = `The cookie of the login, ${cookies.attempt}…, does not arrive; what arrives: ${others}.`;
    return failure("login_cookie_missing", message, "Let Set-Cookie pass, and give the app the same baseUrl and name.");
  }
  const flags = line
    .split(";")
    .slice(1)
    .map((flag) => trimBlanks(flag).toLowerCase());
  const wanted = ["httponly", "samesite=lax", "path=/", ...(secure ? ["secure"] : [])];
  const problems = [
    ...wanted.filter((flag) => !flags.includes(flag)).map((flag) => `${flag} is missing`),
    ...flags
      .filter((flag) => flag.startsWith("domain=") || (flag === "secure" && !secure))
      .map((flag) => `${flag} was added`),
  ];
  if (problems.length === 0) return null;
  const message = `The cookie of the login arrives changed: ${problems.join(", ")}.`;
  return failure("login_cookie_changed", message, "Switch off what rewrites cookies in the proxy.");
}

function get<Data>(settings: Settings<Data>, url: string): Promise<Response> {
  return inTime(settings.fetch(url, { redirect: "manual", headers: { accept: "application/json" } }));
}
