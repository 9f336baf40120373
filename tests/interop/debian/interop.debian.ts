import { it } from "vitest";
import { describeInterop } from "../describe-interop.ts";
import { cells } from "../foreign-server.ts";
import { createMatrix } from "../matrix.ts";
import { expectOnPage } from "../page.ts";
import { report } from "../report.ts";
import { djangoOauthToolkit } from "./django-oauth-toolkit.ts";
import { glewlwyd } from "./glewlwyd.ts";

const matrix = createMatrix(cells);
const servers = [glewlwyd, djangoOauthToolkit];
for (const server of servers) describeInterop(server, matrix);

it("is what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(matrix.table());
  expectOnPage("debian", report(matrix, servers));
});
