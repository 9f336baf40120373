import { readdirSync, readFileSync } from "node:fs";

export interface ProcessFigures {
  /** Resident memory in MB, of the app's processes together. */
  readonly memory: number;
  /** Open file descriptors. */
  readonly descriptors: number;
}

/** The package manager, its shell, and the store. */
const others = /verify-deps-before-run|redis-server|^(\S*\/)?(ba|da)?sh /;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** What the processes below this one hold that are neither the package manager nor a store; zeros where there is no /proc. */
export function appFigures(): ProcessFigures {
  const processes = list();
  const ours = new Set([process.pid]);
  for (let known = 0; known < ours.size; ) {
    known = ours.size;
    for (const { pid, parent } of processes) if (ours.has(parent)) ours.add(pid);
  }
  let memory = 0;
  let descriptors = 0;
  for (const { pid, command } of processes) {
    if (pid === process.pid || !ours.has(pid) || others.test(command)) continue;
    try {
      const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
      memory += (pages * 4096) / 2 ** 20;
      descriptors += readdirSync(`/proc/${pid}/fd`).length;
    } catch {
      // Gone meanwhile.
    }
  }
  return { memory: Math.round(memory * 10) / 10, descriptors };
}

function list(): Process[] {
  const found: Process[] = [];
  for (const name of safely(() => readdirSync("/proc")) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const stat = safely(() => readFileSync(`/proc/${name}/stat`, "utf8"));
    const command = safely(() => readFileSync(`/proc/${name}/cmdline`, "utf8"));
    if (stat === null || command === null) continue;
    const parent = Number(stat.replace(/^.*\) /s, "").split(" ")[1]);
    found.push({ pid: Number(name), parent, command: command.replaceAll("\0", " ") });
  }
  return found;
}

function safely<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
