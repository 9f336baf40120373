import type { ProviderChoice } from "../settings/options.ts";
import type { Settings } from "../settings/settings.ts";
import { htmlPage, pageHeaders } from "../web/html-page.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { privately, privatePage } from "../web/responses.ts";
import type { ReturnPath } from "../web/return-path.ts";
import { loginUrlOf } from "./login-url.ts";

/** The page where a person chooses one of several providers: the app's own, or ours. */
export async function choicePage<Data>(
  settings: Settings<Data>,
  request: IncomingRequest,
  returnTo: ReturnPath,
): Promise<Response> {
  const choices = choicesOf(settings, returnTo);
  const own = await settings.onChoose?.(choices, request);
  if (own) return privatePage(own);
  const page = render(choices);
  // Each link repeats the path, and a stranger's may be long.
  const isLong = new TextEncoder().encode(page).length > largest;
  return new Response(isLong ? render(choicesOf(settings, settings.homeUrl)) : page, {
    headers: { ...privately, ...pageHeaders },
  });
}

/** Octets of the page; where it would have more, all lead to the start page. */
const largest = 4_096;

function choicesOf<Data>(settings: Settings<Data>, returnTo: ReturnPath): ProviderChoice[] {
  return settings.ways.map(({ key, label }) => ({
    provider: key ?? "",
    label,
    loginUrl: loginUrlOf(settings, { provider: key, returnTo }),
  }));
}

function render(choices: readonly ProviderChoice[]): string {
  return htmlPage({
    title: "Log in",
    text: "Choose where you have an account.",
    isChoice: true,
    links: choices.map(({ label, loginUrl }) => ({ label: `Log in with ${label}`, href: loginUrl })),
  });
}
