import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

it("README.md is 120 lines at most", () => {
  expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});

it("docs/reference.md has every option of a login, and no other", () => {
  const source = read("packages/server/src/settings/options.ts");
  const interfaces = ["WayOptions", "ConnectOptions", "PixyOptions"].map(
    (name) => new RegExp(`export interface ${name}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? "",
  );
  const options = interfaces.flatMap((body) => [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name));
  const [, table = ""] = /## The login\n([\s\S]*?)\n## /.exec(read("docs/reference.md")) ?? [];
  const rows = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(rows.sort()).toEqual([...new Set(options)].filter((name) => name !== "label").sort());
});
