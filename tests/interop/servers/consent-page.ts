import type { Page, UserAgent } from "@pixy/testing";
import { formOf } from "../form.ts";

/** The page that a library leaves to its host: who are you, and may this app in? It posts back to where it came from. */
export function consentPage(clientId: string): string {
  return `<!doctype html><title>Log in</title><p>${clientId} would like to use your account.</p>
<form method="post"><input name="person"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form>`;
}

/** Opens a URL and fills the page in as Ada, where it shows. */
export async function throughConsentPage(browser: UserAgent, url: string, decision: "allow" | "deny"): Promise<Page> {
  const page = await browser.navigate(url);
  const form = formOf(page);
  return form === null ? page : browser.submit(form.action, { ...form.fields, person: "ada", decision });
}
