import { randomBytes } from "node:crypto";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { RecordState } from "@pixy/grants";
import { FileStoreError } from "../errors.ts";
import {
  createPrivateFile,
  draftPrefix,
  ensurePrivateDirectory,
  type FileSystem,
  readPrivateFile,
} from "./private-files.ts";

/** What a record was after one of its steps. */
export interface Version {
  /** 0 for what was never written. */
  readonly number: number;
  readonly state: RecordState | null;
  /** Who wrote this version and those before it, the latest 64 of them. */
  readonly writers: readonly string[];
}

/** How many versions stay: a reader that was slow finds one of them. */
const kept = 16;
/** How many writers a version names. Who slept through more of them cannot know whether its own write counted. */
const named = 64;
/** Milliseconds after which a draft is one that a killed process has left. */
const longestDraft = 3_600_000;

const nothing: Version = { number: 0, state: null, writers: [] };

/**
 * Reads the newest version of a record. The versions are files with numbers; the highest counts, and none is ever changed.
 *
 * @throws FileStoreError `file_exposed`, `file_unreadable`
 */
export async function newestVersion(folder: string): Promise<Version> {
  for (;;) {
    const numbers = await numbersIn(folder);
    let number = numbers.at(-1) ?? 0;
    let text = number === 0 ? null : await readPrivateFile(fileOf(folder, number));
    // A list is no snapshot: what was written while it was made may be missing.
    for (let next: string | null = text; next !== null; ) {
      next = await readPrivateFile(fileOf(folder, number + 1));
      if (next !== null) [number, text] = [number + 1, next];
    }
    if (text !== null) return parse(folder, number, text);
    if (number === 0) return nothing;
    // It was tidied away while we looked: there are newer ones.
  }
}

/**
 * Writes the version after `seen`; `false` where somebody else has. No process can hold up another one, and one that was
 * stopped in the middle, for however long, finds that its number is taken. So there is nothing to lock, and nothing to unlock
 * for a process that was killed. `mayRepeat` says that the step does no harm if it is taken again after it counted.
 *
 * @throws FileStoreError `file_unreadable` where it may not, and this process slept through so much that nobody can tell
 */
export async function writeVersion(
  folder: string,
  seen: Version,
  state: RecordState | null,
  files: FileSystem,
  mayRepeat: boolean,
): Promise<boolean> {
  await ensurePrivateDirectory(folder);
  const writer = randomBytes(6).toString("base64url");
  const number = seen.number + 1;
  const text = JSON.stringify({ v: 1, state, writers: [...seen.writers, writer].slice(-named) });
  if (!(await createPrivateFile(fileOf(folder, number), text, files))) {
    // The answer of a file server may have been lost, and the link may be ours.
    return (await newestVersion(folder)).writers.includes(writer);
  }
  const newest = await newestVersion(folder);
  if (newest.writers.includes(writer)) {
    // What has been deleted or has ended leaves no tokens behind.
    await tidy(folder, state?.sealed == null ? number - 1 : number - kept);
    return true;
  }
  // The number was free because it had been tidied away: what we had seen is long past.
  await unlink(fileOf(folder, number)).catch(() => {});
  if (mayRepeat || newest.number < number + named) return false;
  throw new FileStoreError(`This process was stopped while it wrote in ${folder}.`, {
    code: "file_unreadable",
    hint: "Run the program again.",
  });
}

/** Removes versions up to a number, from the oldest on, and drafts that nobody will finish. */
async function tidy(folder: string, upTo: number): Promise<void> {
  for (const number of await numbersIn(folder)) {
    if (number <= upTo) await unlink(fileOf(folder, number)).catch(() => {});
  }
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(draftPrefix));
  for (const name of drafts) {
    const path = join(folder, name);
    const draft = await stat(path).catch(() => null);
    if (draft !== null && Date.now() - draft.mtimeMs > longestDraft) await unlink(path).catch(() => {});
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    // Only a folder that is not there has no record in it.
    if ((error as { readonly code?: string }).code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => (/^[1-9]\d{0,14}\.json$/.test(name) ? Number.parseInt(name, 10) : []))
    .sort((a, b) => a - b);
}

function fileOf(folder: string, number: number): string {
  return join(folder, `${number}.json`);
}

function parse(folder: string, number: number, text: string): Version {
  try {
    const { v, state, writers } = JSON.parse(text) as { v: number; state: RecordState | null; writers: string[] };
    if (v === 1 && Array.isArray(writers)) return { number, state, writers };
  } catch {
    // Told below.
  }
  throw new FileStoreError(
    `${fileOf(folder, number)} cannot be read: it was written by a later version, or is damaged.`,
    {
      code: "file_unreadable",
      hint: "Update this program, or delete the directory and log in again.",
    },
  );
}
