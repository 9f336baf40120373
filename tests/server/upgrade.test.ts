import { spotify } from "@pixy/providers/spotify";
import { createAuth, fromRequest } from "@pixy/server";
import { createAuthorizationServer, createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

// Written by commit a08bacf, before the engine moved to @pixy/grants, on the first of January 2026 with the tests' secret.
const session =
  "__Host-pixy=vjST2dYo.lZjKsbK0RRZw_xskSTge_qnu2CP1-zEohI_0xNtPPjHi8_X5X2QjuA.woReowljY7XrWjMC.XYED0hCklFJ3VMTVkn01ag6cR6uhYqtJznTj8PF7fqNJfOdQ93mPO_4ddR6P7R144NnGaIRgJcpAvQeiDzdSB8DRD658RG6SptG86gAxwj6Qp5InByWI_2NnbCDJ7254hIF8RxDamdprEGY0Hv9mD89TCmm03gHfseZdNfGYes6jhIgckySRmaf5nen-vnI2Mta18tsKBNFGGJr_JT6ipZlx5vmmKhjlfQiwECgZH3vM0BcIJo53VXzyw_ckwBbRpL15IbHJsioBN0zURkFCVyxDh-beRBu0lEEnveqxC8hO4q2uyf9aYnHRS3lWqOzEtH5fJFwlnzdQclJ1joayuQRS5wOAtiCC-cp5jIhA-6zEDbc5Asa2IycosJnD70ZjigeF6-3lCvI3IIT9dACfdKKrwNY.J0S9GMp9MgAoIfoo9e48OA";
const attempt =
  "__Host-pixy-login-rtdxEQecKPQO=vjST2dYo.Jr1MKBhHY8elZPYaijazwwxBAXSNpap-HteC9FGyxyKmk8LTEctgnQ.urpk5dDiI7dUwG7O.EmRV1Pmk3hfRM4TTvdjznhJFeU6zkDHO6M43Y4Yn671DFEJHk97k3_GwQFZsfSM_OeOYlslyLnjuFMi1LTeflafmWpfzHtsuc8wU2OJjpXk19u8WaWQhYQqO646enlab6rW_PtUz1oFjIT3tIKBiiloVcamNXEU6MjcSHDxth1S2kpQiuq6fI0DfAjp4Xi114YcC2XUV81TYmw20JsRMqVkkp0OqHtDnaN8GA1QvOJ8dwTZOCfMNMVr6MpNjvN9F9i7YgiW7ecTdA0U66KIXl636z5hnYA5DNdT9p7nvFWw9ZcN72JanY5nMJp3ACW7RMZRJ3jt0lgllOiSzQg.k56_y40_yr6ztrGPvMLALA";
const state = "rtdxEQecKPQOyIshXhhhI5cVM6IpohlfQy_84_FGZ43";

function app() {
  const clock = createClock(Date.UTC(2026, 0, 1));
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer });
  const auth = createAuth({
    ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: "https://app.example", secret },
    ...{ now: clock.now, fetch: provider.fetch, onLogin: () => ({ name: "Ada" }) },
  });
  return { clock, auth };
}

describe("after an upgrade", () => {
  it("a session in a cookie of before opens, with its data and its times", async () => {
    const { auth } = app();
    const handle = auth.open(fromRequest(new Request("https://app.example/", { headers: { cookie: session } })));
    expect(await handle.session()).toMatchObject({
      ...{ data: { name: "Ada" }, scope: ["user-read-private"], createdAt: new Date(Date.UTC(2026, 0, 1)) },
    });
  });

  it("a login that began before is finished: its callback gets as far as the provider", async () => {
    const { auth } = app();
    const url = `https://app.example/auth/callback?state=${state}&code=of-nobody`;
    const answer = await auth.handle(new Request(url, { headers: { cookie: attempt, "sec-fetch-dest": "document" } }));
    // The fake provider does not know the code; a login that could not be opened would be login_not_found.
    expect([answer.status, (await answer.text()).includes("login_refused")]).toEqual([400, true]);
  });
});
