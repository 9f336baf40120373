import type { Page } from "@pixy/testing";

/** The first form of a page. */
export interface Form {
  /** Where it leads to: the page itself, unless it says so. */
  readonly action: string;
  /** The names of its fields with the values that they have. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the form that a person would fill in; `null` on a page without one. */
export function formOf(page: Page): Form | null {
  const [, attributes = "", content = ""] = /<form\b([^>]*)>(.*?)<\/form>/s.exec(page.body) ?? [];
  if (content === "") return null;
  const inputs = [...content.matchAll(/<input\b([^>]*)>/g)].map(([, text = ""]) => text);
  const named = inputs.filter((text) => attribute(text, "name") !== "" && attribute(text, "type") !== "submit");
  return {
    action: new URL(attribute(attributes, "action"), page.url).href,
    fields: Object.fromEntries(named.map((text) => [attribute(text, "name"), attribute(text, "value")])),
  };
}

function attribute(text: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1] ?? "";
  return value.replaceAll("&amp;", "&").replaceAll("&#x27;", "'").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
}
