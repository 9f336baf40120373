/** What the plugin needs of a node of the syntax tree. */
interface Path {
  readonly node: {
    readonly type: string;
    readonly value?: unknown;
    readonly key?: { readonly name?: string };
    readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  };
}

const forPeople = "words for people";

function shouldIgnore({ node }: Path): string | undefined {
  // What has a blank is a sentence; what programs compare has none.
  if (node.type === "StringLiteral" && /\s/.test(String(node.value))) return forPeople;
  if (node.type === "TemplateLiteral" && node.quasis?.some(({ value }) => /\s/.test(value.raw))) return forPeople;
  if (node.type === "ObjectProperty" && node.key?.name === "hint") return forPeople;
  return undefined;
}

/** A plugin for Stryker: a changed sentence is no defect that a test should find. */
export const strykerPlugins: readonly object[] = [{ kind: "Ignore", name: "words", value: { shouldIgnore } }];
