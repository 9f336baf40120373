import { describe, expect, it } from "vitest";
import { targets } from "./targets.ts";

// Few and always the same: a long run with other seeds is `npx -y pnpm@12 fuzz --runs 100000`.
describe("strangers' input", () => {
  for (const target of targets) {
    it(target.name, async () => {
      const { failure } = await target.run({ runs: 300, seed: 20_261_123 });
      expect(failure).toBeNull();
    });
  }
});
