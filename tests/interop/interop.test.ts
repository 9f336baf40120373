import { it } from "vitest";
import { describeInterop } from "./describe-interop.ts";
import { cells } from "./foreign-server.ts";
import { createMatrix } from "./matrix.ts";
import { expectOnPage } from "./page.ts";
import { report } from "./report.ts";
import { jmondi } from "./servers/jmondi.ts";
import { nodeOauth } from "./servers/node-oauth.ts";
import { oauth2MockServer } from "./servers/oauth2-mock-server.ts";
import { oidcProvider } from "./servers/oidc-provider.ts";
import { openauth } from "./servers/openauth.ts";

const matrix = createMatrix(cells);
const servers = [oidcProvider, jmondi, nodeOauth, openauth, oauth2MockServer];
for (const server of servers) describeInterop(server, matrix);

it("is what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(matrix.table());
  expectOnPage("npm", report(matrix, servers));
});
