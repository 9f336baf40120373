import { readFileSync } from "node:fs";

/** The parent and the command line of a process, or null when it is gone or where there is no /proc. */
function look(pid: number): { readonly parent: number; readonly command: string } | null {
  try {
    // The name stands in parentheses and may contain anything; the state and the parent come after the last one.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") };
  } catch {
    return null;
  }
}

/** The processes that started this one through `npx pnpm …`, nearest first: npx, its shell and pnpm itself. */
function launchers(): number[] {
  const chain: number[] = [process.ppid];
  for (let next = look(process.ppid); next?.command.includes("pnpm"); next = look(next.parent)) {
    if (look(next.parent)?.command.includes("pnpm")) chain.push(next.parent);
  }
  return chain;
}

/**
 * Calls back, once, when one of the processes that started this one is gone. npx ends on a SIGTERM and says nothing of it
 * to what it started; without this, whoever ends `npx pnpm …` leaves everything behind it running.
 */
export function whenLaunchersEnd(callback: () => void): void {
  const chain = launchers();
  const parents = chain.map((pid) => look(pid)?.parent);
  const parent = process.ppid;
  const timer = setInterval(() => {
    // A parent that ends hands its children to another: that shows even when its number is in use again.
    const intact =
      process.ppid === parent && chain.every((pid, at) => at === chain.length - 1 || same(pid, parents[at]));
    if (intact) return;
    clearInterval(timer);
    callback();
  }, 100);
  timer.unref();
}

function same(pid: number, parent: number | undefined): boolean {
  return look(pid)?.parent === parent;
}
