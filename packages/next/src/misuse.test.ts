import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, withSession } from "@pixy/testing";
import { NextRequest } from "next/server.js";
import { describe, expect, it, vi } from "vitest";
import { type PixyOptions, pixy } from "./index.ts";

// What Next tells the code of a request, where no Next runs.
vi.mock("next/headers.js", async () => {
  const { NextRequest: Request } = await import("next/server.js");
  const request = new Request("https://app.example");
  return { headers: async () => request.headers, cookies: async () => request.cookies };
});

const provider = createAuthorizationServer({ issuer: spotify.issuer });
const options: PixyOptions<{ readonly name: string }> = {
  ...{ provider: spotify, clientId: "client", baseUrl: "https://app.example", name: "misuse" },
  ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", fetch: provider.fetch },
  onLogin: () => ({ name: "somebody" }),
};
const auth = pixy(options);

describe("a handler that is used in another way", () => {
  it("names the App Router where the Pages Router calls it", async () => {
    const req = new IncomingMessage(new Socket());
    req.url = "/api/auth/login";
    const call = (handler: unknown) =>
      (handler as (...given: unknown[]) => Promise<Response>)(req, new ServerResponse(req));
    const wanted = { name: "ConfigurationError", code: "pages_router", hint: /App Router/ };
    for (const handler of [auth.handlers.GET, auth.handlers.POST, auth.route(() => new Response())]) {
      await expect(call(handler)).rejects.toMatchObject({ ...wanted, hint: expect.stringMatching(wanted.hint) });
    }
  });

  it("names the handler that returned nothing", async () => {
    const { headers } = await withSession(options, { data: { name: "Ada" } });
    const handler = auth.route((() => undefined) as never);
    await expect(handler(new NextRequest("https://app.example/api/me?a=1", { headers }), {})).rejects.toMatchObject({
      code: "no_answer",
      message: "The handler of GET /api/me returned no Response.",
    });
    const own = auth.route(() => new Response(null, { status: 204 }));
    expect((await own(new NextRequest("https://app.example/api/me", { headers }), {})).status).toBe(204);
  });
});
