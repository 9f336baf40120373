import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPage } from "./page.ts";

function read(name: string) {
  return readPage(readFileSync(new URL(`../../docs/getting-started-${name}.md`, import.meta.url), "utf8"));
}

describe("readPage", () => {
  it.each([
    ["express", [".env", "server.ts"]],
    ["hono", [".env", ".dev.vars", "app.ts", "node.ts"]],
    [
      "next",
      [
        ...[".env.local", "next.config.ts", "auth.ts", "app/auth/[...pixy]/route.ts"],
        ...["app/page.tsx", "app/profile/page.tsx", "app/me/route.ts", "app/playlists/route.ts"],
      ],
    ],
  ])("finds the files that the page for %s has a reader write", (name, paths) => {
    const { steps } = read(name);
    expect(steps.flatMap((step) => (step.kind === "commands" ? [] : [step.path]))).toEqual(paths);
  });

  it.each(["express", "hono", "next"])("finds a way to start the app of %s on every Node", (name) => {
    const { starts, url, doctor } = read(name);
    expect(starts.some(({ since }) => since[0] <= 20)).toBe(true);
    expect(url).toBe("http://127.0.0.1:3000");
    expect(doctor).toContain("npx @pixy/server doctor .env");
  });

  it("does not guess", () => {
    expect(() => readPage("## Write\n\n```ts\nx;\n```")).toThrow("Line 3: what is a reader to do with this block?");
    expect(() => readPage("## Write\n\n```sh\nA=b\n```")).toThrow("Line 3: into which file do these variables go?");
  });
});
