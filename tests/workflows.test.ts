import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { trackedFiles } from "./lib/tracked-files.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = trackedFiles(fileURLToPath(new URL("..", import.meta.url)));
const texts = new Map([...files].filter(([path]) => path.startsWith(".github/")));
const workflows = new Map<string, Workflow>(
  [...texts].filter(([path]) => path.startsWith(".github/workflows/")).map(([path, text]) => [path, parse(text)]),
);
const install = parse(texts.get(".github/actions/install/action.yml") ?? "") as { runs: Job };
const release = workflows.get(".github/workflows/release.yml")?.jobs ?? {};
const manifest = JSON.parse(files.get("package.json") ?? "") as {
  packageManager: string;
  devDependencies: Record<string, string>;
};

/** The steps of all workflows and of the action that they share, with the place that each has. */
const steps: readonly (Step & { readonly place: string })[] = [
  ...[...workflows].flatMap(([path, { jobs }]) =>
    Object.entries(jobs).flatMap(([name, job]) => job.steps.map((step) => ({ ...step, place: `${path} ${name}` }))),
  ),
  ...install.runs.steps.map((step) => ({ ...step, place: "install" })),
];

function permissionsOf(jobs: Readonly<Record<string, Job>>): Record<string, string[]> {
  const all = Object.entries(jobs).map(([name, { permissions = {} }]) => {
    return [name, Object.entries(permissions).map(([scope, access]) => `${scope}: ${access}`)] as const;
  });
  return Object.fromEntries(all);
}

describe("the workflows", () => {
  it("are the two that are known, start by nothing that a stranger's branch steers, and run one at a time", () => {
    expect([...workflows.keys()].sort()).toEqual([".github/workflows/check.yml", ".github/workflows/release.yml"]);
    for (const { on, concurrency } of workflows.values()) {
      expect(["push", "pull_request"]).toEqual(expect.arrayContaining(Object.keys(on)));
      expect(concurrency).toBeDefined();
    }
  });

  it("name each action of others by its commit, with the version beside it", () => {
    const lines = [...texts.values()].flatMap((text) => text.match(/^.*\buses:.*$/gm) ?? []);
    const foreign = lines.filter((line) => !/uses: \.\/\.github\/actions\/install$/.test(line));
    expect(foreign.filter((line) => !/uses: [\w-]+(\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    expect(foreign.length).toBeGreaterThan(5);
    // One version of each: two commits of one action are one that was forgotten.
    const commits = new Set(
      foreign.map((line) => /(?:[\w-]+\/[\w-]+).*@.*$/.exec(line)?.[0].replace(/\/[\w-]+@/, "@")),
    );
    expect(commits.size).toBe(3);
  });

  it("have no permission that a job does not name, and these", () => {
    expect([...workflows.values()].map(({ permissions }) => permissions)).toEqual([{}, {}]);
    expect(permissionsOf(workflows.get(".github/workflows/check.yml")?.jobs ?? {})).toEqual({
      check: ["contents: read"],
      changeset: ["contents: read"],
    });
    expect(permissionsOf(release)).toEqual({
      mode: ["contents: read"],
      version: ["contents: write", "pull-requests: write"],
      pack: ["contents: read"],
      publish: ["contents: read", "id-token: write"],
      tag: ["contents: write"],
    });
  });

  it("leave no credentials on the disk", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
    expect(checkouts).toHaveLength(7);
  });

  it("put nothing of an event into a command", () => {
    expect(steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  it("keep no cache, and install what the lockfile names without a script of a dependency", () => {
    expect(steps.filter((step) => step.uses?.startsWith("actions/cache") || step.with?.cache !== undefined)).toEqual(
      [],
    );
    const [node, pnpm, dependencies] = install.runs.steps;
    expect(node?.with).toEqual({ "node-version": manifest.devDependencies.node, "package-manager-cache": false });
    expect(pnpm?.run).toBe(`npm install --global --allow-scripts=pnpm ${manifest.packageManager}`);
    expect(dependencies?.run).toBe("pnpm install --frozen-lockfile --ignore-scripts");
    const others = steps.filter(({ run, place }) => place !== "install" && /\b(install|npx|dlx)\b/.test(run ?? ""));
    expect(others).toEqual([]);
  });
});

describe("the job that publishes", () => {
  it("waits for an approval, builds nothing, and writes to no branch and no tag", () => {
    expect(release.publish?.environment).toBe("npm");
    expect(release.publish?.steps.filter(({ run }) => run !== undefined)).toEqual([]);
    expect(release.publish?.steps.at(-1)?.with).toEqual({
      "pack-dir-artifact-id": expect.stringContaining("needs.pack.outputs.packed"),
      "push-git-tags": false,
      "create-github-releases": false,
    });
  });

  it("says where each package was made", () => {
    const [step] = release.publish?.steps.slice(-1) ?? [];
    expect(step).toMatchObject({ env: { PNPM_CONFIG_PROVENANCE: "true" } });
  });
});
