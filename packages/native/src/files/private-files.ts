import { randomBytes } from "node:crypto";
import { link, mkdir, open, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { FileStoreError } from "../errors.ts";

/** What is done to files here; `link` may be another one in a test. */
export interface FileSystem {
  readonly link: (existing: string, path: string) => Promise<void>;
}

export const thisFileSystem: FileSystem = { link };

/** Makes a directory that nobody else may look into, or checks that the one that is there is such. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  refuseExposed(path, await stat(path), "700");
}

/** Reads a file of ours whole; `null` where there is none. @throws FileStoreError `file_exposed` */
export async function readPrivateFile(path: string): Promise<string | null> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  try {
    refuseExposed(path, await handle.stat(), "600");
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file of which there must be none yet: `false` where there is one, which stays as it is. It is there with all that
 * is in it or not at all: it is written under another name, and a hard link gives it its own, which one process alone can do.
 *
 * @throws FileStoreError `file_system_unsuited` where there are no hard links
 */
export async function createPrivateFile(path: string, text: string, { link }: FileSystem): Promise<boolean> {
  const draft = join(dirname(path), `${draftPrefix}${randomBytes(9).toString("base64url")}`);
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    // Without its draft, this process was stopped for so long that the draft was tidied away.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw new FileStoreError(`The file system of ${dirname(path)} makes no hard links (${code}).`, {
      code: "file_system_unsuited",
      hint: "Give fileStore a `directory` on another file system. FAT and exFAT have no hard links.",
      cause: error,
    });
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** How the names of files begin that are not yet what they shall be. */
export const draftPrefix = "draft-";

export function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}

function refuseExposed(
  path: string,
  { mode, uid }: { readonly mode: number; readonly uid: number },
  wanted: string,
): void {
  // Windows has no such bits: there the profile's access list keeps others out.
  if (process.platform === "win32") return;
  const isOthers = process.getuid !== undefined && uid !== process.getuid();
  if ((mode & 0o077) === 0 && !isOthers) return;
  throw new FileStoreError(`${path} ${isOthers ? "belongs to another user" : "can be read by others"}.`, {
    code: "file_exposed",
    hint: isOthers
      ? "Is it run with sudo? Use the account that logged in, or delete the directory and log in again."
      : `If somebody may have read it, log out and in again. Run: chmod ${wanted} '${path}'`,
  });
}
