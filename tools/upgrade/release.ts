import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createProject, type Project } from "../../tests/packages/project.ts";
import { pack, publishablePackages } from "../../tests/packages/tarball.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const needed = /^@pixy\/(core|grants|server|express|redis)$/;

/** Packs what `checkout` publishes, and installs it as a stranger does. */
export async function installPacked(checkout: string): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-upgrade-"));
  try {
    const packages = publishablePackages(checkout).filter(({ name }) => needed.test(name));
    const tarballs = await Promise.all(packages.map((one) => pack(one, folder)));
    return await createProject(tarballs, { express: "^5.0.0", redis: "^6.0.0" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds the packages of a commit in a checkout of its own, packs and installs them. */
export async function installCommit(commit: string): Promise<Project> {
  const checkout = await mkdtemp(join(tmpdir(), "pixy-checkout-"));
  const git = (...parameters: string[]) => run("git", ["-C", root, ...parameters]);
  await git("worktree", "add", "--detach", "--force", checkout, commit);
  try {
    const pnpm = (...parameters: string[]) =>
      run("pnpm", parameters, { cwd: checkout, maxBuffer: 64_000_000, env: { ...process.env, DO_NOT_TRACK: "1" } });
    await pnpm("install", "--frozen-lockfile");
    await pnpm("exec", "turbo", "run", "build", "--filter=./packages/*");
    return await installPacked(checkout);
  } finally {
    await git("worktree", "remove", "--force", checkout);
  }
}

export const ownCheckout: string = root;
