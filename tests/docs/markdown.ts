/** The little of Markdown that the checks of our pages read. */

/** A fenced block of code. */
export interface CodeBlock {
  /** What stands behind the opening fence: the language, and words for a check. */
  readonly info: string;
  readonly code: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
}

export function codeBlocksOf(text: string): CodeBlock[] {
  const lines = text.split("\n");
  const blocks: CodeBlock[] = [];
  let open: { info: string; start: number } | null = null;
  for (const [index, line] of lines.entries()) {
    if (open === null) {
      const info = /^```(.*)$/.exec(line)?.[1];
      if (info !== undefined) open = { info: info.trim(), start: index };
    } else if (/^```\s*$/.test(line)) {
      blocks.push({ info: open.info, code: lines.slice(open.start + 1, index).join("\n"), line: open.start + 1 });
      open = null;
    }
  }
  return blocks;
}

/** The text without its blocks of code; lines keep their numbers. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```\s*$/gm, (block) => block.replace(/[^\n]/g, ""));
}

export function headingsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#{1,6} (.+?)\s*$/gm)].map((match) => match[1] ?? "");
}

/** The anchor that GitHub gives a heading; a repeated one gets a number there, which no page of ours needs. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
