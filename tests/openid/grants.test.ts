import { createGrants, memoryStore } from "@pixy/grants";
import { openid } from "@pixy/openid";
import { expect, it } from "vitest";
import { clientId, createIssuer, createKey, issuer, sign } from "../../packages/openid/test/issuer.ts";
import { secret } from "../lib/web-app.ts";

it("a grant of a provider that is found by openid is refreshed, until the provider answers for another person", async () => {
  const key = await createKey("1");
  const world = createIssuer([key]);
  const now = () => world.now;
  let sub = "ada";
  const fetchNow: typeof fetch = async (input, init) => {
    if (String(input) !== `${issuer}/token`) return world.fetch(input, init);
    const id_token = await sign(world.claims({ sub }), key);
    return Response.json({
      access_token: `of ${sub}`.replace(" ", "-"),
      expires_in: 3600,
      refresh_token: "r",
      id_token,
    });
  };
  const grants = createGrants({
    providers: { tenant: { provider: openid(issuer, { fetch: fetchNow, now }), clientId } },
    ...{ secret, store: memoryStore({ now }), fetch: fetchNow, now, onEvent: () => {} },
  });
  const tokens = { accessToken: "a", expiresIn: 60, refreshToken: "r", extra: { sub: "ada" } };
  await grants.save({ owner: "user-1", provider: "tenant" }, tokens);
  const theirs = grants.of({ owner: "user-1", provider: "tenant" });
  world.now += 3_600_000;
  expect(await theirs.accessToken()).toBe("of-ada");
  sub = "grace";
  world.now += 3_600_000;
  await expect(theirs.accessToken()).rejects.toMatchObject({ code: "reauth_required", kept: false });
});
