import { fileURLToPath } from "node:url";
import { spotify } from "@pixy/providers/spotify";
import { createAuth } from "@pixy/server";
import { expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";

const pages = [...trackedFiles(fileURLToPath(new URL("../..", import.meta.url)))].filter(([path]) =>
  /\.md$|^examples\/[^/]+\/(src\/|[^/]+$)/.test(path),
);

function isTaken(secret: string): boolean {
  try {
    createAuth({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret });
    return true;
  } catch {
    return false;
  }
}

it("no page and no example has a secret that could be copied", () => {
  const found = pages
    .filter(([path]) => !path.endsWith(".test.ts"))
    .flatMap(([path, text]) =>
      [...text.matchAll(/(?<![\w+/=-])[\w+/-]{43,}={0,2}(?![\w+/=-])/g)]
        .filter(([word]) => isTaken(word))
        .map(([word]) => `${path}: ${word}`),
    );
  expect(found).toEqual([]);
  expect(pages.length).toBeGreaterThan(50);
});
