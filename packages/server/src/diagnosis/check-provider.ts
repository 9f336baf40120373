import { buildLoginUri, generateCodes, generateState, type Provider, printable } from "@pixy/core";
import { RequestError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { Way } from "../settings/way.ts";
import { type Finding, failure, fine, inTime, reasonOf, warning } from "./finding.ts";

/** Seconds between two clocks above which logs and expiry times stop making sense. */
const tolerance = 60;

/** Looks at each provider: finds it where it is found at first use, and opens its login. */
export async function checkProviders<Data>(settings: Settings<Data>): Promise<Finding[]> {
  const found = await Promise.all(settings.ways.map((way) => checkProvider(settings, way)));
  return found.flat();
}

async function checkProvider<Data>(settings: Settings<Data>, way: Way): Promise<Finding[]> {
  try {
    return await checkLogin(settings, way, await way.provider.find());
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    const { cause } = error;
    const { hint = "Check the issuer, this machine's network and firewall." } = cause as { hint?: string };
    return [
      failure(
        "provider_not_found",
        `${way.name} cannot be found: ${reasonOf((cause as { cause?: unknown }).cause ?? cause)}.`,
        hint,
      ),
    ];
  }
}

/** Opens the provider's login as a browser would, without anybody who logs in, and compares the clocks. */
async function checkLogin<Data>(settings: Settings<Data>, way: Way, provider: Provider): Promise<Finding[]> {
  const { now } = settings;
  const { scope, redirectUri } = way;
  const codes = await generateCodes();
  const uri = buildLoginUri(way.client(provider), {
    scope,
    state: generateState(),
    codeChallenge: codes.challenge,
    codeChallengeMethod: codes.method,
  });
  const sentAt = now();
  let response: Response;
  try {
    response = await inTime(settings.fetch(uri, { redirect: "manual", headers: { accept: "text/html" } }));
  } catch (error) {
    const message = `${provider.name} cannot be reached at ${uri.origin}: ${reasonOf(error)}.`;
    return [failure("provider_unreachable", message, "Check the address, this machine's network and firewall.")];
  }
  const clock = clockFinding(response.headers, sentAt, now(), provider.name);
  return [await loginFinding(response, provider.name, redirectUri, uri.origin), ...(clock === null ? [] : [clock])];
}

async function loginFinding(response: Response, name: string, redirectUri: string, origin: string): Promise<Finding> {
  const { status } = response;
  const location = response.headers.get("location");
  // A provider that trusts the redirect URI reports everything else there (RFC 6749 section 4.1.2.1).
  if (location?.startsWith(redirectUri) && URL.canParse(location)) {
    const answer = new URL(location).searchParams;
    const error = answer.get("error");
    if (error !== null) {
      const described = answer.get("error_description");
      const words = described ? ` (${printable(described, 300)})` : "";
      const message = `${name} refuses the login: ${printable(error, 300)}${words}.`;
      return failure("provider_refuses", message, "Compare client id and scope with the provider's dashboard.");
    }
  }
  if (status >= 500 || status === 429) {
    return warning("provider_fails", `${name} answers ${status} just now.`, "Try again later.");
  }
  if (status >= 400) {
    const said = await excerpt(response);
    const message = `${name} refuses the login with ${status}${said ? `: ${said}` : ""}.`;
    const hint = `Register ${redirectUri} at the provider, letter for letter, and compare the client id.`;
    return status === 400 || status === 404
      ? failure("provider_refuses", message, hint)
      : warning("provider_refuses", message, `It may only refuse programs. ${hint}`);
  }
  return fine("provider", `${name} answers at ${origin}, and shows its login.`);
}

/** The first words of a page, without its markup. */
async function excerpt(response: Response): Promise<string> {
  const page = await inTime(response.text()).catch(() => "");
  const text = page
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  return text
    .trim()
    .slice(0, 160)
    .replace(/[\s.]+$/, "");
}

function clockFinding(headers: Headers, sentAt: number, receivedAt: number, name: string): Finding | null {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return null;
  // `Date` has whole seconds, was set while the request was on its way, and is older in an answer from a cache.
  const theirs = date + (Number(headers.get("age")) || 0) * 1000;
  const ahead = sentAt > theirs ? sentAt - theirs : theirs > receivedAt ? receivedAt - theirs : 0;
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (seconds <= tolerance) return fine("clock", `The clock agrees with ${name}'s.`);
  const direction = ahead > 0 ? "ahead of" : "behind";
  const message = `The clock of this machine is ${seconds} seconds ${direction} ${name}'s.`;
  return warning("clock_skew", message, "Set the clock by NTP; sessions that several machines share expire by it.");
}
