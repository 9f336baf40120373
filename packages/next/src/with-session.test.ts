import { spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, withSession } from "@pixy/testing";
import { NextRequest } from "next/server.js";
import { expect, it, vi } from "vitest";
import { type PixyOptions, pixy } from "./index.ts";

// What Next tells the code of a request, where no Next runs.
const asked = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers.js", async () => {
  const { NextRequest: Request } = await import("next/server.js");
  const request = () => new Request("https://app.example", { headers: { cookie: asked.cookie } });
  return { headers: async () => request().headers, cookies: async () => request().cookies };
});

it("a handler, a page and a proxy take a session for a test, without Next", async () => {
  const provider = createAuthorizationServer({ issuer: spotify.issuer });
  const options: PixyOptions<{ readonly name: string }> = {
    ...{ provider: spotify, clientId: "client", baseUrl: "https://app.example", name: "with-session" },
    ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", fetch: provider.fetch },
    onLogin: () => ({ name: "somebody" }),
  };
  const auth = pixy(options);
  const { headers } = await withSession(options, { data: { name: "Ada" } });
  asked.cookie = headers.cookie;
  const handler = auth.route((_request, login) => Response.json(login.current.data));
  const answer = await handler(new NextRequest("https://app.example/me", { headers }), {});
  expect(await answer.json()).toEqual({ name: "Ada" });
  expect((await auth.requireLogin()).current.data).toEqual({ name: "Ada" });
  expect(await auth.withLogin((login) => login.current.data.name)).toBe("Ada");
  const passed = await auth.protect(["/*"])(new NextRequest("https://app.example/me", { headers }));
  expect(passed.headers.get("x-middleware-next")).toBe("1");
  asked.cookie = "";
  expect(await auth.session()).toBeNull();
  await expect(auth.withLogin(() => "")).rejects.toMatchObject({ code: "login_required" });
});
