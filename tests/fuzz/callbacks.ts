import { CallbackError, createClient, readCallback } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import fc from "fast-check";
import { createLoginApp, stayHome, tokens } from "./login-app.ts";
import { filled, keepSecret, printed, refusal, type Target, target, texts } from "./target.ts";

const client = createClient({
  provider: spotify,
  clientId: "client",
  redirectUri: "https://app.example/auth/callback",
});
const state = "S".repeat(43);
const words = [
  "code=",
  "state=",
  "error=",
  "iss=",
  "error_description=",
  state,
  "canary-of-the-code",
  "access_denied",
  "&",
  "&",
  client.provider.issuer,
];

const queries = texts(words).map((text) => `/auth/callback?${text}`);

const read = target("callback URL, as core reads it", queries, async (url) => {
  const error = await refusal(() => {
    const callback = readCallback(client, url, { state });
    const sent = new URLSearchParams(url.split("#")[0]?.slice(url.indexOf("?") + 1));
    const isRight = sent.getAll("state").join() === state && sent.getAll("code").join() === callback.code;
    if (!isRight || callback.code === "") throw new Error("took another code or state");
    keepSecret(
      printed(callback).replace(JSON.stringify(callback), ""),
      [callback.code].filter((code) => code.length > 8),
    );
  });
  if (error !== null && !CallbackError.isInstance(error)) throw error;
  if (error !== null)
    keepSecret(
      printed(error),
      ["canary-of-the-code"].filter((code) => !/error/.test(url) || !url.includes(code)),
    );
});

const app = createLoginApp();
const begun = await app.begin("/me?a=1");
const strangers = fc.oneof(
  texts([...words, "{state}", "{half}"]),
  fc
    .record({ code: texts(["c"]), state: fc.constantFrom("{state}", state), extra: texts(words) })
    .map(
      (parts) =>
        `code=${encodeURIComponent(parts.code.toWellFormed())}&state=${parts.state}${parts.extra && `&${parts.extra}`}`,
    ),
);

const route = target("callback route, with the login's cookie", strangers, async (text) => {
  const query = filled(text, { state: begun.state, half: begun.state.slice(0, 12) });
  const response = await app.visit(`/auth/callback?${query}`, begun.cookie);
  if (![303, 400, 503].includes(response.status)) throw new Error(`status ${response.status}`);
  stayHome(response);
  const cookies = response.headers.getSetCookie();
  const opened = cookies.some((line) => /^__Host-pixy=[^;]/.test(line));
  const sent = new URLSearchParams(query);
  if (opened && (sent.get("state") !== begun.state || !sent.get("code") || sent.get("error"))) {
    throw new Error("a session without a code and the right state");
  }
  const shown = [await response.text(), ...[...response.headers].flat(), ...app.told().map(printed)].join("\n");
  keepSecret(shown, [tokens.access, tokens.refresh, begun.state]);
});

export const callbackTargets: readonly Target[] = [read, route];
