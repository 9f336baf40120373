import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules as houseRules, importsOf, type Rule } from "./lib/house.ts";
import { importsGoDownTheRooms, importsRunInNoCircle } from "./lib/rooms.ts";
import { trackedFiles } from "./lib/tracked-files.ts";

const rules = { ...houseRules, importsGoDownTheRooms, importsRunInNoCircle };
const root = fileURLToPath(new URL("..", import.meta.url));
const repository = trackedFiles(root);

describe("the house is in shape", () => {
  for (const [name, rule] of Object.entries(rules)) {
    it(name, () => expect(rule(repository)).toEqual([]));
  }
});

/** The repository with some files replaced or added; `null` removes one. */
function planted(changes: Record<string, string | null>): Map<string, string> {
  const files = new Map(repository);
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  return files;
}

function manifest(name: string, dependencies: Record<string, unknown>): Record<string, string> {
  return { [`packages/${name}/package.json`]: JSON.stringify({ name: `@pixy/${name}`, ...dependencies }) };
}

const violations: readonly (readonly [rule: Rule, what: string, changes: Record<string, string | null>])[] = [
  [
    rules.importsFollowTheArrows,
    "core imports a library",
    { "packages/core/src/planted.ts": 'import { x } from "jose";' },
  ],
  [
    rules.importsFollowTheArrows,
    "core imports over several lines",
    { "packages/core/src/planted.ts": 'import {\n  x,\n  y,\n} from "@pixy/server";' },
  ],
  [rules.importsFollowTheArrows, "core imports for effect", { "packages/core/src/planted.ts": 'import "cookie";' }],
  [
    rules.importsFollowTheArrows,
    "core imports a type inline",
    { "packages/core/src/planted.ts": 'export type X = import("jose").X;' },
  ],
  [
    rules.importsFollowTheArrows,
    "core imports dynamically",
    { "packages/core/src/planted.ts": 'export const x = async () => import("jose");' },
  ],
  [
    rules.importsFollowTheArrows,
    "core imports a file of server",
    { "packages/core/src/planted.ts": 'export { x } from "../../server/src/x.ts";' },
  ],
  [
    rules.importsFollowTheArrows,
    "server imports an adapter",
    { "packages/server/src/planted.ts": 'import { x } from "@pixy/express";' },
  ],
  [
    rules.importsFollowTheArrows,
    "server imports a third library",
    { "packages/server/src/planted.ts": 'import "zod";' },
  ],
  [
    rules.importsFollowTheArrows,
    "an adapter goes around server",
    { "packages/express/src/planted.ts": 'import { x } from "@pixy/core";' },
  ],
  [
    rules.importsFollowTheArrows,
    "an adapter imports the other one",
    { "packages/next/src/planted.ts": 'import { x } from "@pixy/express";' },
  ],
  [
    rules.importsFollowTheArrows,
    "an adapter has two bridges",
    { "packages/hono/src/planted.ts": 'import "bridge-one";\nimport "@bridge/two/sub";' },
  ],
  [rules.importsFollowTheArrows, "redis imports a library", { "packages/redis/src/planted.ts": 'import "lodash";' }],
  [
    rules.importsFollowTheArrows,
    "cloudflare imports Redis",
    { "packages/cloudflare/src/planted.ts": 'import { x } from "@pixy/redis";' },
  ],
  [rules.importsFollowTheArrows, "a package without an arrow", manifest("koa", {})],
  [rules.dependenciesFollowTheArrows, "core has a dependency", manifest("core", { dependencies: { jose: "^6" } })],
  [rules.dependenciesFollowTheArrows, "server has a third one", manifest("server", { dependencies: { zod: "^4" } })],
  [
    rules.dependenciesFollowTheArrows,
    "an adapter depends on two bridges",
    manifest("express", { dependencies: { "@pixy/server": "workspace:^", one: "1", two: "2" } }),
  ],
  [
    rules.dependenciesFollowTheArrows,
    "server is developed against the kit",
    manifest("server", { devDependencies: { "@pixy/testing": "workspace:^" } }),
  ],
  [
    rules.coreAndServerDoNotTestWithTheKit,
    "a test of core uses the kit",
    { "packages/core/src/planted.test.ts": 'import { x } from "@pixy/testing";' },
  ],
  ...["code_verifier", "code_challenge", "grant_type", "client_id", "refresh_token", "redirect_uri"].map(
    (word) =>
      [
        rules.adaptersDoNotSpeakTheProtocol,
        `an adapter says ${word}`,
        { "packages/hono/src/planted.ts": `export const word = "${word}";` },
      ] as const,
  ),
  ...["core", "server", "hono"].map(
    (name) =>
      [
        rules.portablePackagesDoNotImportNode,
        `${name} imports a module of Node`,
        { [`packages/${name}/src/planted.ts`]: 'import { createHash } from "node:crypto";' },
      ] as const,
  ),
  [
    rules.indexesAreExplicit,
    "an index exports everything",
    { "packages/core/src/index.ts": 'export * from "./x.ts";' },
  ],
  [
    rules.indexesAreExplicit,
    "an index exports all types",
    { "packages/core/src/providers/index.ts": 'export type * from "./x.ts";' },
  ],
  [
    rules.filesHaveATestOfTheirName,
    "a file without a test",
    { "packages/core/src/planted.ts": "export function planted(): void {}" },
  ],
  [
    rules.nothingKnowsThisMachine,
    "a path of a machine",
    { "docs/planted.md": `see ${["", "home", "somebody", "pixy"].join("/")}` },
  ],
  [
    rules.nothingKnowsThisMachine,
    "a host of a registry",
    { "docs/planted.md": `from ${["https:", "", "registry.example.org", "x"].join("/")}` },
  ],
  [rules.lockfileHasNoAddress, "an address", { "pnpm-lock.yaml": "resolution: {tarball: x}" }],
  [rules.lockfileHasNoAddress, "a URL", { "pnpm-lock.yaml": "x: https://example.org/x.tgz" }],
];

describe("a planted violation is found", () => {
  for (const [rule, what, changes] of violations) {
    it(what, () => expect(rule(planted(changes)).length).toBeGreaterThan(rule(repository).length));
  }
});

describe("what is allowed stays allowed", () => {
  const allowed: readonly (readonly [rule: Rule, what: string, changes: Record<string, string | null>])[] = [
    [
      rules.importsFollowTheArrows,
      "an import in a docstring",
      { "packages/core/src/planted.ts": '/**\n * import { x } from "jose";\n * await import("jose")\n */' },
    ],
    [
      rules.importsFollowTheArrows,
      "one bridge",
      { "packages/express/src/planted.ts": 'import onHeaders from "on-headers";' },
    ],
    [
      rules.importsFollowTheArrows,
      "a folder inside the package",
      { "packages/core/src/providers/planted.ts": 'import { x } from "../x.ts";' },
    ],
    [
      rules.filesHaveATestOfTheirName,
      "a file of types only",
      { "packages/core/src/planted.ts": "export interface Planted { readonly x: 1 }" },
    ],
    [
      rules.filesHaveATestOfTheirName,
      "a test that needs the kit",
      { "packages/server/src/planted.ts": "export const x = 1;", "tests/server/planted.test.ts": "" },
    ],
  ];
  for (const [rule, what, changes] of allowed) {
    it(what, () => expect(rule(planted(changes))).toEqual(rule(repository)));
  }
});

describe("importsOf", () => {
  it("reads every form of import", () => {
    const source = [
      'import a from "a";',
      'import type { B } from "b";',
      'export { c } from "c";',
      'import "d";',
      'const e = await import("e");',
      'type F = import("f").F;',
    ].join("\n");
    expect(importsOf(source).sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
  });
});
