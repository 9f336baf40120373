import { it } from "vitest";
import { describeInterop } from "../describe-interop.ts";
import { cells } from "../foreign-server.ts";
import { createMatrix } from "../matrix.ts";
import { openIdCells } from "../openid/cells.ts";
import { describeOpenId } from "../openid/describe-openid.ts";
import { openIdReport } from "../openid/report.ts";
import { expectOnPage } from "../page.ts";
import { report } from "../report.ts";
import { djangoOauthToolkit } from "./django-oauth-toolkit.ts";
import { glewlwyd } from "./glewlwyd.ts";
import { openIdDjango } from "./openid-django.ts";
import { openIdDoorkeeper } from "./openid-doorkeeper.ts";
import { openIdGlewlwyd } from "./openid-glewlwyd.ts";

const matrix = createMatrix(cells);
const servers = [glewlwyd, djangoOauthToolkit];
for (const server of servers) describeInterop(server, matrix);

const openIdMatrix = createMatrix(openIdCells);
const openIdServers = [openIdGlewlwyd, openIdDjango, openIdDoorkeeper];
for (const server of openIdServers) describeOpenId(server, openIdMatrix);

it("is what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(matrix.table());
  expectOnPage("debian", report(matrix, servers));
});

it("says of OpenID Connect what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(openIdMatrix.table());
  expectOnPage("openid on debian", openIdReport(openIdMatrix, openIdServers));
});
