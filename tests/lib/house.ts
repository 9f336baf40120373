/**
 * The rules that keep the house in shape, as functions from a map of files to violations.
 * `tests/house.test.ts` applies them to the repository and, one planted violation each, to themselves.
 */

/** Path from the root of the repository, with `/`, to the text of the file. */
export type Files = ReadonlyMap<string, string>;

export interface Violation {
  readonly path: string;
  readonly problem: string;
}

export type Rule = (files: Files) => Violation[];

const adapters = ["express", "next", "hono"] as const;

interface Arrow {
  /** What the package may import besides its own files: a name, or a name that ends with `/` or `:` for all below it. */
  readonly allowed: readonly string[];
  /** How many other packages it may import: the bridge between a framework and web standards. */
  readonly bridges: number;
}

const arrows: Readonly<Record<string, Arrow>> = {
  core: { allowed: [], bridges: 0 },
  browser: { allowed: ["react"], bridges: 0 },
  providers: { allowed: ["@pixy/core"], bridges: 0 },
  openid: { allowed: ["@pixy/core", "dpop", "jose"], bridges: 0 },
  grants: { allowed: ["@pixy/core", "jose"], bridges: 0 },
  server: { allowed: ["@pixy/core", "@pixy/grants", "cookie"], bridges: 0 },
  express: { allowed: ["@pixy/server", "express", "express-serve-static-core", "node:"], bridges: 1 },
  next: { allowed: ["@pixy/server", "next", "next/", "react", "node:"], bridges: 1 },
  hono: { allowed: ["@pixy/server", "hono", "hono/"], bridges: 1 },
  redis: { allowed: ["@pixy/grants", "redis", "ioredis", "node:"], bridges: 0 },
  postgres: { allowed: ["@pixy/grants", "pg", "node:"], bridges: 0 },
  cloudflare: { allowed: ["@pixy/grants", "cloudflare:", "@cloudflare/workers-types"], bridges: 0 },
  native: { allowed: ["@pixy/core", "@pixy/grants", "open", "uqr", "node:"], bridges: 0 },
  testing: {
    allowed: ["@pixy/core", "@pixy/providers", "@pixy/providers/", "@pixy/grants", "@pixy/server", "node:"],
    bridges: 2,
  },
};

const importPatterns = [
  // Anchored at the start of a line, so that an example in a docstring (` * import …`) is not an import.
  /^[ \t]*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"'\n]+)["']/gm,
  /^[ \t]*import\s*["']([^"'\n]+)["']/gm,
  /^(?![ \t]*(?:\*|\/\/|\/\*)).*?\bimport\(\s*["']([^"'\n]+)["']/gm,
];

export function importsOf(source: string): string[] {
  return importPatterns.flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1] ?? ""));
}

function isTest(path: string): boolean {
  return /\.test(-d)?\.tsx?$/.test(path) || /^packages\/[^/]+\/test\//.test(path);
}

/** Sources of one package without its tests. */
export function sourcesOf(files: Files, name: string): [path: string, text: string][] {
  const folder = `packages/${name}/src/`;
  return [...files].filter(([path]) => path.startsWith(folder) && /\.tsx?$/.test(path) && !isTest(path));
}

function packageNames(files: Files): string[] {
  const names = [...files.keys()].map((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1]);
  return names.filter((name) => name !== undefined);
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isAllowed(specifier: string, allowed: readonly string[]): boolean {
  return allowed.some((name) => specifier === name || (/[/:]$/.test(name) && specifier.startsWith(name)));
}

function leavesPackage(path: string, specifier: string): boolean {
  const depth = path.split("/").length - 3; // folders between packages/NAME and the file
  return specifier.split("/").filter((part) => part === "..").length > depth;
}

/** core <- grants <- server <- adapters, grants <- stores, grants <- native; nothing points back and nothing goes around. */
export const importsFollowTheArrows: Rule = (files) =>
  packageNames(files).flatMap((name) => {
    const arrow = arrows[name];
    if (arrow === undefined) {
      return [
        {
          path: `packages/${name}/package.json`,
          problem: "has no arrow: say in tests/lib/house.ts what it may import",
        },
      ];
    }
    const bridges = new Set<string>();
    const violations = sourcesOf(files, name).flatMap(([path, text]) =>
      importsOf(text).flatMap((specifier): Violation[] => {
        if (specifier.startsWith(".")) {
          return leavesPackage(path, specifier)
            ? [{ path, problem: `imports ${specifier}, a file of another package` }]
            : [];
        }
        if (isAllowed(specifier, arrow.allowed)) return [];
        const bridge = packageOf(specifier);
        if (arrow.bridges > 0 && !bridge.startsWith("@pixy/") && !bridge.includes(":")) {
          bridges.add(bridge);
          return [];
        }
        return [{ path, problem: `imports ${specifier}, which @pixy/${name} may not` }];
      }),
    );
    if (bridges.size > arrow.bridges) {
      const problem = `has ${bridges.size} bridge libraries (${[...bridges].sort().join(", ")}), at most ${arrow.bridges} allowed`;
      violations.push({ path: `packages/${name}/src`, problem });
    }
    return violations;
  });

/** What is installed with a package follows the same arrows; core and server do not even develop against the kit. */
export const dependenciesFollowTheArrows: Rule = (files) =>
  packageNames(files).flatMap((name) => {
    const path = `packages/${name}/package.json`;
    const manifest = JSON.parse(files.get(path) ?? "{}") as Record<string, Record<string, string> | undefined>;
    const { allowed = [], bridges = 0 } = arrows[name] ?? {};
    const installed = Object.keys(manifest.dependencies ?? {});
    const foreign = installed.filter((dependency) => !isAllowed(dependency, allowed));
    const violations: Violation[] = [];
    if (foreign.length > bridges || foreign.some((dependency) => dependency.startsWith("@pixy/"))) {
      violations.push({ path, problem: `depends on ${foreign.join(", ")}` });
    }
    const everything = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
    const named = new Set(everything.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
    if (["core", "providers", "openid", "grants", "server"].includes(name) && named.has("@pixy/testing")) {
      violations.push({ path, problem: "names @pixy/testing: tests that need the kit live in tests/" });
    }
    return violations;
  });

/** The tests of core, grants and server do without the kit too, or the build graph has a cycle. */
export const coreAndServerDoNotTestWithTheKit: Rule = (files) =>
  [...files]
    .filter(
      ([path, text]) =>
        /^packages\/(core|grants|server)\/.*\.tsx?$/.test(path) && importsOf(text).includes("@pixy/testing"),
    )
    .map(([path]) => ({ path, problem: "imports @pixy/testing: tests that need the kit live in tests/" }));

const protocolWords = /\b(code_verifier|code_challenge|grant_type|client_id|refresh_token|redirect_uri)\b/;

/** The protocol is written once: an adapter only translates. */
export const adaptersDoNotSpeakTheProtocol: Rule = (files) =>
  adapters.flatMap((name) =>
    sourcesOf(files, name).flatMap(([path, text]) => {
      const word = protocolWords.exec(text)?.[1];
      return word === undefined ? [] : [{ path, problem: `says ${word}, a word of the protocol` }];
    }),
  );

/** core, grants, server and the Hono adapter run where Node's modules do not exist. */
export const portablePackagesDoNotImportNode: Rule = (files) =>
  ["core", "providers", "openid", "grants", "server", "hono"].flatMap((name) =>
    sourcesOf(files, name).flatMap(([path, text]) =>
      importsOf(text)
        .filter((specifier) => specifier.startsWith("node:"))
        .map((specifier) => ({ path, problem: `imports ${specifier}` })),
    ),
  );

/** What a package exports is a list that somebody wrote. */
export const indexesAreExplicit: Rule = (files) =>
  [...files]
    .filter(
      ([path, text]) =>
        /^packages\/[^/]+\/src\/(.*\/)?index\.ts$/.test(path) && /^\s*export\s+(type\s+)?\*/m.test(text),
    )
    .map(([path]) => ({ path, problem: "has `export *`" }));

function declaresValues(text: string): boolean {
  return /^export\s+(default\b|(abstract\s+)?class\b|(async\s+)?function\b|const\b|let\b|\{|\*)/m.test(text);
}

/**
 * `src/pkce.ts` has `src/pkce.test.ts` beside it, or `tests/…/pkce.test.ts` where the test needs the kit. Without one are
 * only `index.ts` (its api.md is checked) and files that declare nothing but types.
 */
export const filesHaveATestOfTheirName: Rule = (files) => {
  const inTests = new Set(
    [...files.keys()].filter((path) => path.startsWith("tests/")).map((path) => path.replace(/^.*\//, "")),
  );
  return ["core", "grants", "server"].flatMap((name) =>
    sourcesOf(files, name)
      .filter(([path, text]) => !path.endsWith("/index.ts") && declaresValues(text))
      .map(([path]) => path)
      .filter((path) => {
        const test = path.replace(/\.tsx?$/, ".test.ts");
        return !files.has(test) && !inTests.has(test.replace(/^.*\//, ""));
      })
      .map((path) => ({ path, problem: "has no test of its name beside it or in tests/" })),
  );
};

// Written in pieces: this file is checked too.
const machinePath = new RegExp(
  `(^|[\\s"'\`(=:])/(${["work", "farm", "home", "Users", "root"].join("|")})/[\\w.-]+`,
  "m",
);
const registryHost = new RegExp(`https?://[^/ "'\\n]*\\b(${["registry", "deb"].join("|")})\\.[a-z.]+`);

/** A clone works anywhere: nothing in it knows the machine or the network that it was written on. */
export const nothingKnowsThisMachine: Rule = (files) =>
  [...files].flatMap(([path, text]) => {
    const found = machinePath.exec(text)?.[0] ?? registryHost.exec(text)?.[0];
    return found === undefined ? [] : [{ path, problem: `names ${found.trim()}` }];
  });

/** Whoever installs decides where from. */
export const lockfileHasNoAddress: Rule = (files) => {
  const path = "pnpm-lock.yaml";
  const address = /\bhttps?:\/\/\S+|\btarball:/.exec(files.get(path) ?? "")?.[0];
  return address === undefined ? [] : [{ path, problem: `contains ${address}` }];
};

export const rules = {
  importsFollowTheArrows,
  dependenciesFollowTheArrows,
  coreAndServerDoNotTestWithTheKit,
  adaptersDoNotSpeakTheProtocol,
  portablePackagesDoNotImportNode,
  indexesAreExplicit,
  filesHaveATestOfTheirName,
  nothingKnowsThisMachine,
  lockfileHasNoAddress,
} as const satisfies Record<string, Rule>;
