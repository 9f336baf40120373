import { expect, it } from "vitest";
import { typedTerminal } from "../../test/world.ts";
import { type LoginPrompt, writePrompt } from "./prompt.ts";

const device: LoginPrompt = {
  way: "device",
  ...{ userCode: "WDJB-MJHT", verificationUri: "https://as.example/d" },
  ...{ verificationUriComplete: "https://as.example/d?c=WDJB-MJHT", expiresAt: 0 },
};

async function written(terminal: ReturnType<typeof typedTerminal>, prompt: Parameters<typeof writePrompt>[1]) {
  await writePrompt(terminal, prompt);
  return terminal.written.join("");
}

it("prints the URL by itself, so that it can be copied", async () => {
  const url = "https://as.example/authorize?x=1";
  expect(await written(typedTerminal(), { way: "browser", url, paste: false })).toMatch(
    /If none does, go to:\n\n {2}https\S+\n\n$/,
  );
  expect(await written(typedTerminal(), { way: "paste", url, paste: true })).toMatch(/paste it here:\n$/);
});

it("draws a QR code where somebody sees it and it fits", async () => {
  expect(await written(typedTerminal(), device)).toMatch(/WDJB-MJHT\n\n[█▀▄ \n]{200,}/);
  expect(await written(typedTerminal(false), device)).toMatch(/WDJB-MJHT\n\n$/);
  expect(await written({ ...typedTerminal(), columns: 20 } as never, device)).toMatch(/WDJB-MJHT\n\n$/);
});
