import { describe, it } from "vitest";

export type Requirement = (name: string, tests: () => void) => void;

/**
 * `describe` for tests that need something which a machine may lack. Without it they are listed as skipped, with the
 * command that would enable them; with `CI=true` what is missing is a failure, so that nothing stays unchecked unseen.
 */
export function requirement(
  what: string,
  found: boolean,
  command: string,
  mustHave: boolean = process.env.CI === "true",
): Requirement {
  if (found) return (name, tests) => describe(name, tests);
  if (mustHave) {
    return (name) =>
      describe(name, () => {
        it(`needs ${what}`, () => {
          throw new Error(`${what} is missing. To enable these tests: ${command}`);
        });
      });
  }
  return (name, tests) => describe.skip(`${name} (needs ${what}: ${command})`, tests);
}
