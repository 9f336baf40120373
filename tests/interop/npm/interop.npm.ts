import { it } from "vitest";
import { describeInterop } from "../describe-interop.ts";
import { cells } from "../foreign-server.ts";
import { createMatrix } from "../matrix.ts";
import { openIdCells } from "../openid/cells.ts";
import { describeOpenId } from "../openid/describe-openid.ts";
import { openIdReport } from "../openid/report.ts";
import { expectOnPage } from "../page.ts";
import { report } from "../report.ts";
import { betterAuth, betterAuthOauth } from "./better-auth.ts";
import { workersOauthProvider } from "./workers-oauth-provider.ts";

const matrix = createMatrix(cells);
const servers = [betterAuthOauth, workersOauthProvider];
for (const server of servers) describeInterop(server, matrix);

const openIdMatrix = createMatrix(openIdCells);
describeOpenId(betterAuth, openIdMatrix);

it("is what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(matrix.table());
  expectOnPage("npm by command", report(matrix, servers));
});

it("says of OpenID Connect what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(openIdMatrix.table());
  expectOnPage("openid by command", openIdReport(openIdMatrix, [betterAuth]));
});
