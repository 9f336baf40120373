import { readFile } from "node:fs/promises";
import { people } from "../state/people.ts";

/** The files of the control page below the control path, by name. */
const types: Readonly<Record<string, string>> = {
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
};

/** Returns the script or the style of the control page, or null. They stand beside this file, in the package too. */
export async function pageFile(name: string): Promise<Response | null> {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) return null;
  const body = await readFile(new URL(`./${name}`, import.meta.url), "utf8");
  return new Response(body, { headers: { "content-type": type, "cache-control": "no-store" } });
}

/** Returns the control page: nothing in it comes from outside, and it runs no script but its own file. */
export function controlPage(): Response {
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}

const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Control room</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/__test/page.css">
<script type="module" src="/__test/page.js"></script></head>
<body>
<header><p class="brand"><strong>Pixy</strong> <span>a provider to test against</span></p>
<h1>Control room</h1>
<p>Many requests find the same token dead. Watch them become one token request, and nobody be logged out.</p></header>
<main>
<section aria-labelledby="do"><h2 id="do">What happens</h2>
<div class="first"><button id="at-once" class="main">50 requests at once</button>
<label><input type="checkbox" id="expired" checked> with tokens that have just died</label></div>
<div class="switches">
<button id="expire">Expire all tokens</button>
<button id="away" aria-pressed="false">Provider away</button>
<button id="strict" aria-pressed="false">Rotate strictly</button>
<button id="lose">Lose the answer</button>
<button id="log-out">Log out everywhere</button>
</div>
<p id="hint" class="soft"></p>
<p id="said" role="status"></p></section>
<section aria-labelledby="apps-title"><h2 id="apps-title">Apps</h2>
<div id="apps"></div></section>
<section aria-labelledby="line-title"><h2 id="line-title">Time line</h2>
<p class="soft">What reached this provider, the newest first. Clicks of yours in an app show up here too.</p>
<ol id="line" reversed tabindex="0" aria-labelledby="line-title"></ol></section>
</main>
<footer class="soft">It knows ${Object.values(people)
  .map(({ displayName }) => displayName)
  .join(" and ")}. Nothing here is a real account, and nothing is kept when the server ends.</footer>
<noscript>This page needs its script.</noscript>
</body></html>
`;
