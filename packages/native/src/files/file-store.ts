import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { ConfigurationError, checkMembers, type Members, type Operation, type RecordStore, step } from "@pixy/grants";
import { FileStoreError } from "../errors.ts";
import { appDirectory } from "./app-directory.ts";
import {
  createPrivateFile,
  ensurePrivateDirectory,
  type FileSystem,
  readPrivateFile,
  thisFileSystem,
} from "./private-files.ts";
import { newestVersion, writeVersion } from "./versions.ts";

export interface FileStoreOptions {
  /** The app's name, which decides the directory: see `appDirectory`. */
  readonly name?: string | undefined;
  /** The directory itself, mode 0700; takes the place of the one that follows from `name`. */
  readonly directory?: string | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

/** A record store in files of one person's, for any number of processes on one machine. */
export interface FileStore extends RecordStore {
  readonly directory: string;
  /** The secret that seals what is kept here, made at first use: 32 random bytes as base64url. */
  secret(): Promise<string>;
}

/** What takes the place of everything that stood there: taken again later, it would undo what came after it. */
const whole: readonly string[] = ["replace", "delete"];

/** Milliseconds by which a record may live shorter than it was asked to, so that not each process has to write. */
const touchEvery = 3_600_000;

/**
 * Keeps records in a directory that nobody else may read: mode 0700, each file 0600 and never changed once it is there.
 * It takes no lock: a step of a record is a new file whose number one process alone can have, so a process that was killed
 * or stopped holds up nobody. It needs hard links, which local file systems and NFS have, and neither `flock` nor `fcntl`.
 *
 * @throws ConfigurationError `invalid_option`; its methods reject with `FileStoreError`
 * @example
 * const auth = pixy({ name: "now-playing", provider: spotify, clientId, store: fileStore({ directory: "/srv/tokens" }) });
 */
export function fileStore(options: FileStoreOptions): FileStore {
  return createFileStore(options, thisFileSystem);
}

/** The same on another file system. */
export function createFileStore(options: FileStoreOptions, files: FileSystem): FileStore {
  checkMembers("", options, { name: 1, directory: 1, now: 1 } satisfies Members<keyof FileStoreOptions>);
  const { name, now = Date.now } = options;
  if (options.directory === undefined && !isAppName(name)) {
    throw new ConfigurationError("The option name cannot be used.", {
      code: "invalid_option",
      option: "name",
      hint: "Give the app's name in letters, digits, ., - and _, at most 64 of them, or a directory.",
    });
  }
  const directory = options.directory ?? appDirectory(name ?? "");
  // By a hash in hexadecimal: keys may hold anything, and some file systems do not tell a from A.
  const folderOf = (key: string) => join(directory, "records", createHash("sha256").update(key).digest("hex"));

  async function take<Answer>(key: string, operation: Operation): Promise<Answer> {
    const folder = folderOf(key);
    await ensurePrivateDirectory(directory);
    for (;;) {
      const seen = await newestVersion(folder);
      const [state, answer] = step(seen.state, operation, now());
      const isSame = state === seen.state || operation[0] === "read";
      if (isSame || (await writeVersion(folder, seen, state, files, !whole.includes(operation[0]))))
        return answer as Answer;
      // Somebody else was first: look again.
    }
  }

  return {
    name: "file",
    reach: "shared",
    directory,
    create: (key, sealed, ttl) => take(key, ["create", sealed, ttl]),
    replace: async (key, sealed, ttl) => {
      await take(key, ["replace", sealed, ttl]);
    },
    read: (key) => take(key, ["read"]),
    acquire: (key, given) => take(key, ["acquire", given]),
    commit: (key, fence, sealed, ttl) => take(key, ["commit", fence, sealed, ttl]),
    end: (key, fence, ttl) => take(key, ["end", fence, ttl]),
    release: async (key, fence, given) => {
      await take(key, ["release", fence, given]);
    },
    touch: async (key, ttl) => {
      const { state } = await newestVersion(folderOf(key));
      const gain = now() + ttl - (state?.expiresAt ?? 0);
      if (gain < 0 || gain >= Math.min(touchEvery, ttl / 100)) await take(key, ["touch", ttl]);
    },
    delete: (key) => take(key, ["delete"]),
    async secret() {
      await ensurePrivateDirectory(directory);
      const path = join(directory, "secret");
      for (let round = 0; round < 3; round++) {
        const known = await readPrivateFile(path);
        if (known !== null) return known;
        await createPrivateFile(path, randomBytes(32).toString("base64url"), files);
      }
      throw new FileStoreError(`${path} cannot be made.`, {
        code: "file_unreadable",
        hint: "Something deletes it as soon as it is written. Find that program.",
      });
    },
  };
}

export function isAppName(name: unknown): name is string {
  return typeof name === "string" && /^[\w.-]{1,64}$/.test(name) && !/^\.+$/.test(name);
}
