import { fileURLToPath } from "node:url";
import type { Page, UserAgent } from "@pixy/testing";
import { baseUrl } from "../app.ts";
import { formOf } from "../form.ts";
import type { Program } from "../front-door.ts";

const script = fileURLToPath(new URL("better-auth.mjs", import.meta.url));

/** The clients that it makes: one that it trusts, the same that signs, and one for which it asks the person. */
export type Clients = Readonly<
  Record<"clientId" | "secret" | "signingClientId" | "askingClientId" | "askingSecret", string>
>;

export function betterAuthProgram(registration: object): Program {
  return {
    name: "better-auth",
    command: (port, _folder, url) => [process.execPath, script, port, url, JSON.stringify(registration)],
    ready: /^listening (.*)$/m,
  };
}

/** Does what the scripts of the app's own pages have to do, as its documentation says. */
export async function throughBetterAuth(
  browser: UserAgent,
  address: string,
  decision: "allow" | "deny" = "allow",
): Promise<Page> {
  let page = await browser.navigate(address);
  while (!page.url.startsWith(baseUrl)) {
    const { origin, pathname, search } = new URL(page.url);
    const oauth_query = search.slice(1);
    const form = formOf(page);
    const next = async (path: string, value: object): Promise<Page> => {
      const answer = await browser.call(`${origin}/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify({ ...value, oauth_query }),
      });
      const { url } = answer.json() as { url?: string };
      if (url === undefined) throw new Error(`${path} was answered with ${answer.status}: ${answer.body}`);
      return browser.navigate(url, { from: "link" });
    };
    if (form !== null) page = await browser.submit(form.action, form.fields);
    else if (pathname === "/consent") page = await next("oauth2/consent", { accept: decision === "allow" });
    else if (pathname === "/sign-in") {
      page = await next("sign-in/email", { email: "ada@tenant.example", password: "a password" });
    } else return page;
  }
  return page;
}
