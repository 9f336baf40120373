import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { root } from "../lib/example.ts";

interface EntryPoint {
  /** `.` or `./NAME`, as in the `exports` of the package. */
  readonly path: string;
  readonly declarations: string;
}

interface Package {
  readonly folder: string;
  readonly name: string;
  readonly entryPoints: readonly EntryPoint[];
}

type Exports = Readonly<Record<string, string | { readonly types?: string }>>;

/** Every package and what its `exports` lead to; a pattern stands for each file that it fits. */
function packages(): Package[] {
  return globSync("packages/*/package.json", { cwd: root })
    .sort()
    .map((path) => {
      const folder = join(root, path, "..");
      const { name, exports } = JSON.parse(readFileSync(join(root, path), "utf8")) as {
        name: string;
        exports: Exports;
      };
      const entryPoints = Object.entries(exports).flatMap(([path, target]): EntryPoint[] => {
        const types = typeof target === "string" ? undefined : target.types;
        if (types === undefined) return [];
        const [before = "", after = ""] = types.replace("./", "").split("*");
        return globSync(types.replace("./", ""), { cwd: folder })
          .sort()
          .map((file) => ({
            path: path.replace("*", file.slice(before.length, file.length - after.length)),
            declarations: join(folder, file),
          }));
      });
      return { folder, name, entryPoints };
    });
}

const compilerOptions = {
  ...{ target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], module: "NodeNext", moduleResolution: "NodeNext" },
  ...{ strict: true, skipLibCheck: true, types: [], noEmit: true },
};
const silent = { logLevel: ExtractorLogLevel.None };

function configurationOf({ folder }: Package, declarations: string, output: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      ...{ projectFolder: folder, mainEntryPointFilePath: declarations, newlineKind: "lf" },
      compiler: { overrideTsconfig: { compilerOptions, files: [declarations] } },
      apiReport: {
        ...{ enabled: true, reportFileName: "report.api.md", reportFolder: output, reportTempFolder: output },
        includeForgottenExports: true,
      },
      ...{ docModel: { enabled: false }, dtsRollup: { enabled: false }, tsdocMetadata: { enabled: false } },
      messages: {
        compilerMessageReporting: { default: silent },
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent },
      },
    },
  });
}

/** The declarations of an entry point, one after the other, without what is said about them. */
function declarationsOf(configuration: ExtractorConfig, compilerState: CompilerState): string {
  Extractor.invoke(configuration, {
    ...{ compilerState, localBuild: true },
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  const [, report = ""] = readFileSync(configuration.reportFilePath, "utf8").split("```ts\n");
  const code = report.replace(/\n```\s*$/, "").replace(/^[ \t]*\/\/ .*\n/gm, "");
  return passedOn(code)
    .replace(/\n{2,}/g, "\n\n")
    .trim();
}

/** Puts what comes from other packages into one line for each of them. */
function passedOn(code: string): string {
  const origins = new Map<string, string>();
  for (const [, name = "", module = ""] of code.matchAll(/^import (?:type )?\{ (\w+) \} from '(.+)';$/gm)) {
    origins.set(name, module);
  }
  const names = new Map<string, string[]>();
  const own = code.replace(/^export \{ (\w+) \}$/gm, (line, name: string) => {
    const module = origins.get(name);
    if (module === undefined) return line;
    names.set(module, [...(names.get(module) ?? []), name]);
    return "";
  });
  const lines = [...names].map(([module, list]) => `export {\n  ${list.join(",\n  ")},\n} from '${module}';`);
  return [own.replace(/^import .*\n/gm, ""), ...lines].join("\n\n");
}

/** What each package exports, by its file: `packages/NAME/api.md`. The packages have to be built. */
export function apiReports(): ReadonlyMap<string, string> {
  const output = mkdtempSync(join(tmpdir(), "pixy-api-"));
  try {
    const all = packages().flatMap((of) =>
      of.entryPoints.map((entryPoint) => {
        if (!existsSync(entryPoint.declarations)) throw new Error(`${of.name} is not built: npx -y pnpm@12 build`);
        return { of, ...entryPoint, configuration: configurationOf(of, entryPoint.declarations, output) };
      }),
    );
    const [first] = all;
    if (first === undefined) throw new Error("No package exports anything.");
    // One program for all: the libraries of the language are read once.
    const state = CompilerState.create(first.configuration, {
      additionalEntryPoints: all.map(({ declarations }) => declarations),
    });
    const reports = new Map<string, string>();
    for (const { of, path, configuration } of all) {
      const file = join(of.folder, "api.md").slice(root.length);
      const specifier = path.replace(".", of.name);
      const before = reports.get(file) ?? `What \`${of.name}\` exports. Written by \`npx -y pnpm@12 write api\`.\n`;
      reports.set(file, `${before}\n# ${specifier}\n\n\`\`\`ts\n${declarationsOf(configuration, state)}\n\`\`\`\n`);
    }
    return reports;
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
