import { describe, expect, it } from "vitest";
import { startChild } from "./child-process.ts";

function node(script: string): [string, ...string[]] {
  return [process.execPath, "-e", script];
}

const serveForever = "setInterval(() => {}, 1000);";

describe("startChild", () => {
  it("is ready when the child has printed its line, and hands out what was in it", async () => {
    const child = startChild({
      name: "child",
      command: node(`console.log("listening on http://127.0.0.1:1"); ${serveForever}`),
      ready: /listening on (\S+)\n/,
    });
    expect((await child.ready)?.[1]).toBe("http://127.0.0.1:1");
    await child.stop();
    expect(await child.ended).toBe("SIGTERM");
  });

  it("rejects with the output of a child that ends before it is ready", async () => {
    const child = startChild({
      name: "child",
      command: node('console.error("SESSION_SECRET is missing"); process.exit(1)'),
      ready: /listening/,
    });
    await expect(child.ready).rejects.toThrow(/child ended \(1\) before it was ready[\s\S]*SESSION_SECRET is missing/);
  });

  it("says so when there is no such program", async () => {
    const child = startChild({ name: "child", command: ["no-such-program"], ready: /listening/ });
    await expect(child.ready).rejects.toThrow(/ENOENT/);
    await child.stop();
  });

  it("ends grandchildren too, and those that do not listen to SIGTERM", async () => {
    const deaf = `process.on("SIGTERM", () => {}); console.log("deaf"); ${serveForever}`;
    const child = startChild({
      name: "child",
      command: node(
        `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(deaf)}], { stdio: "inherit" }); ${serveForever}`,
      ),
      ready: /deaf/,
    });
    await child.ready;
    await child.stop();
    // Comes only when the last process that holds the output is gone.
    expect(await child.ended).toBe("SIGTERM");
  });
});
