import { chmod, link, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStore } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createFileStore, fileStore } from "./file-store.ts";

const newDirectory = () => mkdtemp(join(tmpdir(), "pixy-native-"));
const month = 30 * 86_400_000;

describeStore(
  { describe, it },
  {
    name: "the file store",
    create: async () => {
      let time = 1_700_000_000_000;
      const store = fileStore({ directory: await newDirectory(), now: () => time });
      return {
        store,
        advance: (milliseconds) => {
          time += milliseconds;
        },
      };
    },
  },
);

async function filesOf(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const isRoot = process.getuid?.() === 0;

describe("files of tokens", () => {
  it("are the person's alone: directories 0700, files 0600", async () => {
    const directory = join(await newDirectory(), "app");
    const store = fileStore({ directory });
    await store.create("a", "sealed", month);
    await store.secret();
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    const folders = [directory, join(directory, "records")];
    expect(await Promise.all(folders.map(modeOf))).toEqual(["700", "700"]);
    const files = await filesOf(directory);
    expect(files).toHaveLength(2);
    expect(new Set(await Promise.all(files.map(modeOf)))).toEqual(new Set(["600"]));
  });

  it("are refused where others can read them, and the error says what to run", async () => {
    const directory = await newDirectory();
    const store = fileStore({ directory });
    await store.create("a", "sealed", month);
    const [file = ""] = await filesOf(directory);
    await chmod(file, 0o640);
    await expect(store.read("a")).rejects.toMatchObject({ code: "file_exposed", hint: expect.stringContaining(file) });
    await chmod(file, 0o600);
    await chmod(directory, 0o750);
    await expect(store.read("a")).rejects.toMatchObject({
      code: "file_exposed",
      hint: expect.stringContaining("chmod 700"),
    });
    await chmod(directory, 0o700);
    expect((await store.read("a"))?.sealed).toBe("sealed");
  });

  it.skipIf(!isRoot)("are refused where they belong to somebody else", async () => {
    const { chown } = await import("node:fs/promises");
    const directory = await newDirectory();
    await chown(directory, 12_345, 12_345);
    await expect(fileStore({ directory }).read("a")).rejects.toMatchObject({ code: "file_exposed" });
  });

  it("are kept where they are: a damaged one is an error, and no login is lost silently", async () => {
    const directory = await newDirectory();
    const store = fileStore({ directory });
    await store.create("a", "sealed", month);
    const [file = ""] = await filesOf(directory);
    await writeFile(file, "{");
    await expect(store.read("a")).rejects.toMatchObject({ code: "file_unreadable" });
  });

  it("stay few, however often a record changes, and a draft that was left behind goes", async () => {
    const directory = await newDirectory();
    const store = fileStore({ directory });
    for (let count = 0; count < 40; count++) await store.replace("a", `sealed ${count}`, month);
    expect((await filesOf(directory)).length).toBeLessThanOrEqual(17);
    expect((await store.read("a"))?.sealed).toBe("sealed 39");
  });

  it("need hard links, and it says so", async () => {
    const refuse = async () => {
      throw Object.assign(new Error("no"), { code: "EPERM" });
    };
    const store = createFileStore({ directory: await newDirectory() }, { link: refuse });
    await expect(store.create("a", "sealed", month)).rejects.toMatchObject({ code: "file_system_unsuited" });
  });

  it("want a name that is no path", () => {
    for (const name of ["", "../x", "a/b", "..", undefined]) {
      expect(() => fileStore({ name })).toThrow(expect.objectContaining({ option: "name" }));
    }
  });
});

describe("many writers", () => {
  it("of one record take turns: no step is lost and none counts twice", async () => {
    const directory = await newDirectory();
    const first = fileStore({ directory });
    await first.create("a", "sealed", month);
    const stores = Array.from({ length: 12 }, () => fileStore({ directory }));
    const acquired = await Promise.all(stores.map((store) => store.acquire("a", { lease: 5_000, intent: 9_000 })));
    expect(acquired.filter(({ state }) => state === "acquired")).toHaveLength(1);
    const secrets = await Promise.all(stores.map((store) => store.secret()));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  });

  it("one that slept in the middle of its write finds that others have gone on", async () => {
    const directory = await newDirectory();
    const others = fileStore({ directory });
    await others.create("a", "sealed", month);
    for (const writes of [1, 5, 40, 200]) {
      let wake = () => {};
      const awake = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let isAsleep = () => {};
      const asleep = new Promise<void>((resolve) => {
        isAsleep = resolve;
      });
      let isFirst = true;
      const sleeper = createFileStore(
        { directory },
        {
          link: async (existing, path) => {
            if (isFirst) {
              isFirst = false;
              isAsleep();
              await awake;
            }
            await link(existing, path);
          },
        },
      );
      const taking = sleeper.acquire("a", { lease: 60_000, intent: 60_000 });
      await asleep;
      for (let count = 1; count < writes; count++) await others.replace("a", `sealed ${count}`, month);
      const theirs = await others.acquire("a", { lease: 60_000, intent: 60_000 });
      wake();
      expect([theirs.state, (await taking).state]).toEqual(["acquired", "held"]);
      await others.replace("a", "sealed", month);
    }
  });

  it("one that slept through more than can be told, in a write that must not come late, fails", async () => {
    const directory = await newDirectory();
    const others = fileStore({ directory });
    await others.create("a", "sealed", month);
    const sleeper = createFileStore(
      { directory },
      {
        link: async (existing, path) => {
          for (let count = 0; count < 90; count++) await others.replace("a", `sealed ${count}`, month);
          await link(existing, path);
        },
      },
    );
    await expect(sleeper.delete("a")).rejects.toMatchObject({
      code: "file_unreadable",
      hint: "Run the program again.",
    });
    expect((await others.read("a"))?.sealed).toBe("sealed 89");
  });

  it("one whose link was made although its answer was lost does not take its step twice", async () => {
    const directory = await newDirectory();
    const store = createFileStore(
      { directory },
      {
        link: async (existing, path) => {
          await link(existing, path);
          throw Object.assign(new Error("again"), { code: "EEXIST" });
        },
      },
    );
    expect(await store.create("a", "sealed", month)).toBe("created");
    expect((await store.acquire("a", { lease: 60_000, intent: 60_000 })).state).toBe("acquired");
  });
});

it("a touch writes only where it matters", async () => {
  const directory = await newDirectory();
  const store = fileStore({ directory });
  await store.create("a", "sealed", 400 * 86_400_000);
  await store.touch("a", 400 * 86_400_000);
  expect(await filesOf(directory)).toHaveLength(1);
  await store.touch("a", 401 * 86_400_000);
  expect(await filesOf(directory)).toHaveLength(2);
});

it("no file says whose record it is", async () => {
  const directory = await newDirectory();
  await fileStore({ directory }).create("a key", "sealed", month);
  for (const file of await filesOf(directory)) {
    expect(file).not.toContain("a key");
    expect(await readFile(file, "utf8")).not.toContain("a key");
  }
});
