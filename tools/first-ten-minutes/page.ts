import { codeBlocksOf } from "../../tests/docs/markdown.ts";

/** A file that the page has the reader write. */
export interface PageFile {
  readonly path: string;
  readonly text: string;
}

/** One thing that the reader does, in the order of the page. */
export type Step =
  | { readonly kind: "commands"; readonly code: string }
  | ({ readonly kind: "file" } & PageFile)
  | ({ readonly kind: "variables" } & PageFile);

/** A command that starts the app; the page names several where there are several ways. */
export interface Start {
  readonly command: string;
  /** The oldest Node that the page names for it, `[22, 18]`; `[0, 0]` where it names none. */
  readonly since: readonly [major: number, minor: number];
}

/** A getting-started page, as somebody reads it who does what it says. */
export interface Page {
  readonly steps: readonly Step[];
  readonly starts: readonly Start[];
  /** Where the browser is opened. */
  readonly url: string;
  /** What the page says to run when something does not work. */
  readonly doctor: string;
}

/** Reads a page. Throws for a block of which the page does not say what to do with it. */
export function readPage(text: string): Page {
  const lines = text.split("\n");
  const steps: Step[] = [];
  const starts: Start[] = [];
  let below = 0;
  for (const { info, code, line } of codeBlocksOf(text)) {
    const prose = lines.slice(below, line - 1).join("\n");
    const section = lines.slice(0, line).findLast((one) => one.startsWith("## ")) ?? "";
    below = line + code.split("\n").length;
    const path = /^\/\/ ([\w.[\]/-]+\.tsx?)$/m.exec(code.split("\n")[0] ?? "")?.[1];
    if (/^tsx?$/.test(info) && path !== undefined) steps.push({ kind: "file", path, text: `${code}\n` });
    else if (info !== "sh") throw new Error(`Line ${line}: what is a reader to do with this block?`);
    else if (/^(\w+=.*\n?)+$/.test(code)) steps.push(...variablesOf(prose, code, line));
    else if (section.endsWith("Run it")) starts.push(...code.split("\n").map(readStart));
    else steps.push({ kind: "commands", code });
  }
  return {
    steps,
    starts,
    url: find(text, /Open <(http:\S+?)>/),
    doctor: find(text, /`(npx @pixy\/server doctor [^`]*)`/),
  };
}

/** The prose before the block names the file, or the files. */
function variablesOf(prose: string, code: string, line: number): Step[] {
  const paths = [...prose.matchAll(/`(\.[a-z][\w.]*)`/g)].map((match) => match[1] ?? "");
  if (paths.length === 0) throw new Error(`Line ${line}: into which file do these variables go?`);
  return paths.map((path) => ({ kind: "variables", path, text: `${code}\n` }));
}

function readStart(line: string): Start {
  const [command = "", comment = ""] = line.split(/\s+# /);
  const [, major = 0, minor = 0] = /Node (\d+)(?:\.(\d+))? or later/.exec(comment) ?? [];
  return { command, since: [Number(major), Number(minor)] };
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The page does not say ${pattern} any more.`);
  return found;
}
