import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";
import { codeBlocksOf } from "./markdown.ts";

const files = trackedFiles(fileURLToPath(new URL("../..", import.meta.url)));
const read = (path: string) => files.get(path) ?? "";
const page = read("docs/reference.md");
const code = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
const named = new Set(code.flatMap((text) => text.match(/[A-Za-z]\w*/g) ?? []));

/** What packages export, as `api.md` says it. */
function reportOf(...packages: readonly string[]): string {
  const blocks = packages.flatMap((name) => codeBlocksOf(read(`packages/${name}/api.md`)));
  return blocks.map((block) => block.code).join("\n");
}

/** Functions, classes and constants. */
function valuesOf(...packages: readonly string[]): string[] {
  const found = reportOf(...packages).matchAll(/^export (?:abstract )?(?:function|class|const) (\w+)/gm);
  return [...found].map(([, name = ""]) => name);
}

function membersOf(packageName: string, type: string): string[] {
  const opening = `^(?:export )?interface ${type}\\b.*\\{$`;
  const [, body = ""] = new RegExp(`${opening}\\n([\\s\\S]*?)\\n\\}`, "m").exec(reportOf(packageName)) ?? [];
  return [...body.matchAll(/^ {4}(?:readonly )?(\w+)[?(<:]/gm)].map(([, name = ""]) => name);
}

/** What an adapter's author needs, and nobody else: docs/writing-an-adapter.md. */
const forAdapters = ["forwardedCookieHeader", "settled", "takeResponseHeaders"];

it.each([
  ["express", "Pixy"],
  ["next", "Pixy"],
  ["hono", "Pixy"],
  ["server", "RequestHandle"],
  ["server", "SignedIn"],
  ["server", "OwnerSessions"],
  ["server", "Session"],
  ["server", "NewLogin"],
  ["grants", "Grants"],
  ["grants", "Grant"],
  ["native", "NativeAuth"],
  ["browser", "PageAuth"],
])("docs/reference.md has what %s's %s has", (packageName, type) => {
  const members = membersOf(packageName, type);
  expect(members.length).toBeGreaterThan(2);
  expect(members.filter((name) => !named.has(name) && !forAdapters.includes(name))).toEqual([]);
});

it("docs/reference.md has every function and class that an application imports", () => {
  const values = valuesOf("express", "next", "hono", "native", "browser", "openid", "redis", "postgres", "cloudflare");
  expect(values.length).toBeGreaterThan(15);
  expect(values.filter((name) => !named.has(name))).toEqual([]);
});

it("docs/reference.md has every route", () => {
  const [, names = ""] = /type RouteName = ([^;]+);/.exec(reportOf("server")) ?? [];
  const routes = [...names.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
  const [, table = ""] = /## Routes\n([\s\S]*?)\n## /.exec(page) ?? [];
  const rows = [...table.matchAll(/^\| `(?:GET|POST) \/auth\/(\w+)/gm)].map(([, name = ""]) => name);
  expect([...new Set(rows)].sort()).toEqual(routes.sort());
});

it("docs/reference.md calls nothing that no package has", () => {
  const everything = reportOf(
    ...["core", "grants", "server", "express", "next", "hono", "native", "browser", "openid"],
    ...["redis", "postgres", "cloudflare", "testing"],
  );
  const called = code.flatMap((text) => [...text.matchAll(/\b([a-z]\w+)\(/g)].map(([, name = ""]) => name));
  const theirs = ["use", "route", "onError"]; // of Express and Hono
  const unknown = called.filter((name) => !theirs.includes(name) && !new RegExp(`\\b${name}\\b`).test(everything));
  expect(called.length).toBeGreaterThan(60);
  expect(unknown).toEqual([]);
});

it("docs/reference.md names nothing of the protocol that core does not export", () => {
  const [, table = ""] = /## The protocol alone\n([\s\S]*?)\n## /.exec(page) ?? [];
  const names = [...table.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  const values = valuesOf("core");
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !values.includes(name))).toEqual([]);
});
