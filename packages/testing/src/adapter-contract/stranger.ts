import { equal } from "../contract/assertion.ts";
import type { AdapterChapter } from "./chapter.ts";
import type { AdapterStage } from "./stage.ts";

/** Near our routes, and none of them; a runtime that resolves dots or a whole URL may find the login. */
const targets = [
  ...["/auth", "/auth/", "/auth/login/", "/auth//login", "//auth/login", "/AUTH/login", "/auth/x/login", "/auth/Login"],
  ...["/auth/%6cogin", "/auth/login%00", "/auth/..%2flogin", "/auth/%", "/auth/%ff", "/auth/login%", "/auth/login;x"],
  ...["/auth/./login", "/auth/x/../login", "/x/../auth/login", "/auth/login#x", "/auth/login\\", "/auth\\login", "///"],
  ...["http://app.example/auth/login", "http://other.example/auth/login", "http:///auth/login", "auth/login", "?"],
  ...["/auth/\u00e9\u00ff", "/auth/%e2%82%ac", `/auth/${"a".repeat(7_000)}`, `/auth${"/login".repeat(1_000)}`],
  ...["/auth/__proto__", "/auth/constructor", "/auth/login?%", "/auth/login?returnTo=%ff&returnTo"],
];
const methods = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "M-SEARCH", "QUERY"];

export function describeStranger({ describe, row }: AdapterChapter): void {
  describe("a stranger", () => {
    row("finds no path and no method that is an error of ours", async (stage) => {
      const requests = [
        ...targets.map((target) => ["GET", target] as const),
        ...methods.flatMap((method) => ["/auth/login", "/auth/x", "/auth//login"].map((at) => [method, at] as const)),
      ];
      const printed = await listening(async () => {
        for (const [method, target] of requests) equal(await problem(stage, method, target), null);
      });
      equal(printed, [], "what was printed");
    });
  });
}

/** What is wrong with the answer: it may be a refusal, a redirect, or the start of a login. */
async function problem(stage: AdapterStage, method: string, target: string): Promise<string | null> {
  const { status, headers } = await stage.send(method, target);
  const isRefusal = status >= 300 && status < 500;
  const isEmpty = method === "OPTIONS" && status === 204;
  const isLogin = status === 302 && method === "GET";
  if ((isRefusal || isEmpty) && (isLogin || headers.getSetCookie().length === 0)) return null;
  return `${method} ${target.slice(0, 60)}: ${status}`;
}

/** Collects what is printed meanwhile: a log that strangers can fill says nothing any more. */
async function listening(body: () => Promise<void>): Promise<string[]> {
  const { error, warn } = console;
  const printed: string[] = [];
  console.error = console.warn = (...words: unknown[]) => void printed.push(words.map(String).join(" "));
  try {
    await body();
  } finally {
    Object.assign(console, { error, warn });
  }
  return printed;
}
