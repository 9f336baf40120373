import type { Attempt } from "./attempt.ts";

/** What somebody pasted: an answer of the provider's, or what is wrong with it. */
export type Pasted = { readonly answer: URLSearchParams } | { readonly problem: string };

/**
 * Reads the whole address that the browser ended at, or the code alone, or `code#state` as some providers show it. A code that
 * comes without its state is as good as one with it: it is bound to this login's verifier (RFC 7636 section 1).
 */
export function readPasted(line: string, { redirectUri, state }: Pick<Attempt, "redirectUri" | "state">): Pasted {
  const text = line.trim().replace(/^["'<]+|["'>]+$/g, "");
  if (text === "") return { problem: "Nothing was pasted." };
  if (/^[a-z][a-z\d+.-]*:/i.test(text) || text.startsWith("?")) {
    if (!text.startsWith("?") && !isAt(text, redirectUri)) {
      return { problem: `That is another address. The one to paste begins with ${redirectUri}` };
    }
    const answer = new URLSearchParams(text.split("#")[0]?.replace(/^[^?]*\??/, ""));
    if (answer.get("state") !== state)
      return { problem: "That address belongs to another login. Use the one that is shown above." };
    return { answer };
  }
  const [, code, given = state] = /^([^\s#]{1,4096})(?:#(\S+))?$/.exec(text) ?? [];
  if (code === undefined) return { problem: "That is neither an address nor a code." };
  if (given !== state) return { problem: "That code belongs to another login. Use the address that is shown above." };
  return { answer: new URLSearchParams({ code, state }) };
}

function isAt(text: string, redirectUri: string): boolean {
  return text.startsWith(redirectUri) && /^([?#]|$)/.test(text.slice(redirectUri.length));
}
