import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root } from "./example.ts";
import { builtByHand, rescope, scope, scopeOf } from "./scope.ts";

it("all packages have one scope", () => {
  const manifests = globSync("packages/*/package.json", { cwd: root });
  expect(manifests.length).toBeGreaterThan(10);
  expect(manifests.filter((path) => scopeOf(readFileSync(`${root}${path}`, "utf8")) !== scope)).toEqual([]);
});

it("a rename sees imports, patterns, settings of npm and conditions, and leaves what only looks alike", () => {
  const text =
    'import "@pixy/core"; /@pixy\\/(a|b)/; npm i --@pixy:registry=x; --conditions=@pixy/source; ["@pixy/*"]; "\\n@pixy:registry"';
  expect(rescope(text, "@pixy", "@acme")).toBe(text.replaceAll("@pixy", "@acme"));
  const others = "ada@pixy.example @pixyish/core @pixy-x/core pixy-testing pixy:1";
  expect(rescope(others, "@pixy", "@acme")).toBe(others);
});

it("no name of a package is put together from parts", () => {
  const sources = globSync("{tools,tests,scripts,packages,examples,bench}/**/*.{ts,tsx,mjs}", {
    cwd: root,
    exclude: ["**/node_modules/**", "**/dist/**", "**/.*/**", "tools/lib/scope*.ts"],
  });
  expect(sources.length).toBeGreaterThan(500);
  const found = sources.flatMap((path) =>
    builtByHand(readFileSync(`${root}${path}`, "utf8")).map((line) => `${path}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
  expect(builtByHand(["`@$", '{scope}/core`\nconst other = "@" + scope;'].join(""))).toHaveLength(2);
});
