import { describeProvider, firstFailure } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { presets } from "./presets.ts";
import { rulesOf, withoutRule } from "./rules.ts";
import { createTable } from "./table.ts";

const table = createTable();

for (const preset of presets) {
  describe(preset.name, () => {
    let cell = "";
    const runner = {
      describe(name: string, body: () => void) {
        describe(name, () => {
          cell = name;
          body();
        });
      },
      it(promise: string, body: () => Promise<void>) {
        const shows = cell;
        table.plan(preset.name, shows);
        it(promise, async () => {
          await body();
          table.pass(preset.name, shows);
        });
      },
    };
    describeProvider(runner, preset);

    describe("needs", () => {
      const unseen = preset.unseen ?? {};
      it.each(rulesOf(preset.provider).filter((rule) => unseen[rule] === undefined))("%s", async (rule) => {
        expect(await firstFailure({ ...preset, provider: withoutRule(preset.provider, rule) })).not.toBeNull();
      });

      it("nothing is called unseen that it has not, or that is seen", async () => {
        for (const [rule, why] of Object.entries(unseen)) {
          expect(rulesOf(preset.provider)).toContain(rule);
          expect(why).toMatch(/.{10,}\.$/);
          expect(await firstFailure({ ...preset, provider: withoutRule(preset.provider, rule) })).toBeNull();
        }
      });
    });
  });
}

// The last one: what the others have shown.
it("the table says what was shown", async () => {
  const text = `# What each preset was shown to do\n\nWritten by the tests of this folder.\n\n${table.toMarkdown(presets)}\n`;
  console.log(text);
  await expect(text).toMatchFileSnapshot("found.md");
});
