import { parseArgs } from "node:util";

const pageNames = ["express", "hono", "next"] as const;

export type PageName = (typeof pageNames)[number];

export interface Options {
  /** Major versions of Node. */
  readonly nodes: readonly number[];
  readonly pages: readonly PageName[];
  /** Whether the two commands of the README are tried, too. */
  readonly readme: boolean;
}

export const help = `Does what a new user does: in a clean clone the two commands of the README, then, with the packages that this clone
packs, each getting-started page word for word. Needs npm's registry, git, and the ports 3000 to 3004 and 4000.

  --node <list>   20,22,24 unless given; each is taken from npm
  --page <list>   ${pageNames.join(",")} unless given
  --pages-only    leaves the README out
`;

/** Reads the command line. Throws for what it does not know. */
export function readOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      node: { type: "string", default: "20,22,24" },
      page: { type: "string", default: pageNames.join(",") },
      "pages-only": { type: "boolean", default: false },
    },
  });
  const nodes = values.node.split(",").map(Number);
  if (nodes.some((major) => !Number.isInteger(major) || major < 20)) {
    throw new Error(`--node is a list of versions from 20 on, not "${values.node}".`);
  }
  const pages = values.page.split(",").map((name) => {
    const page = pageNames.find((one) => one === name);
    if (page === undefined) throw new Error(`--page is a list of ${pageNames.join(", ")}, not "${values.page}".`);
    return page;
  });
  return { nodes, pages, readme: !values["pages-only"] };
}
