import { setTimeout as wait } from "node:timers/promises";
import { clickable, type Tab } from "./engine.ts";

/** One answer of a WebDriver server (W3C WebDriver §6.3); a failed command throws. */
async function command<Value>(url: string, method: "GET" | "POST" | "DELETE", body?: unknown): Promise<Value> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}, ${value.message}`);
  return value;
}

/** Waits until the server takes commands. */
export async function untilReady(server: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const isReady = await command<{ ready: boolean }>(`${server}/status`, "GET").then(
      ({ ready }) => ready,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error(`${server} takes no commands.`);
    await wait(25);
  }
}

/** Opens a session, which is a browser of its own with one window. */
export async function openSession(server: string, capabilities: Readonly<Record<string, unknown>>): Promise<Tab> {
  const alwaysMatch = { timeouts: { implicit: 30_000, script: 30_000 }, ...capabilities };
  const created = await command<{ sessionId: string }>(`${server}/session`, "POST", { capabilities: { alwaysMatch } });
  const session = `${server}/session/${created.sessionId}`;
  return {
    goto: (url) => command(`${session}/url`, "POST", { url }),
    async click(text) {
      const found = await command<object>(`${session}/element`, "POST", { using: "xpath", value: clickable(text) });
      await command(`${session}/element/${Object.values(found)[0]}/click`, "POST", {});
    },
    back: () => command(`${session}/back`, "POST", {}),
    url: () => command(`${session}/url`, "GET"),
    evaluate: (expression) => command(`${session}/execute/sync`, "POST", { script: `return ${expression}`, args: [] }),
    cookieNames: async () =>
      (await command<{ name: string }[]>(`${session}/cookie`, "GET")).map((cookie) => cookie.name),
    close: () => command(session, "DELETE"),
  };
}
