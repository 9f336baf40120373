import { describe } from "vitest";
import { type ExampleName, exampleExists } from "../lib/example-process.ts";
import { describeAccessibility } from "./accessibility.ts";
import { describeCrossSite } from "./cross-site.ts";
import { describeExpiry } from "./expiry.ts";
import { describeLogin } from "./login.ts";
import { describeStage } from "./stage.ts";

/** What a person and a hostile page can do to an example, in a real browser. */
export function describeInBrowser(example: ExampleName): void {
  describe.runIf(exampleExists(example))(`in a browser: ${example}`, () => {
    describeStage(example, (stage) => {
      describeLogin(stage);
      describeExpiry(stage);
      // What a browser sends from another site, and what it keeps, is the same for all: our cookies are the server's.
      if (example === "express") describeCrossSite(stage);
      // The pages of Hono's and Express's examples are the same: examples/shared has them.
      if (example !== "hono") describeAccessibility(stage);
    });
  });
}
