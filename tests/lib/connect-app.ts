import { createGrants, type Grants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { type Auth, type ConnectingOptions, createAuth, fromRequest, type PixyEvent } from "@pixy/server";
import { type AuthorizationServer, createAuthorizationServer, createClock } from "@pixy/testing";
import { secret } from "./web-app.ts";

export interface ConnectApp {
  readonly auth: Auth<unknown, null>;
  readonly grants: Grants;
  readonly provider: AuthorizationServer;
  readonly events: PixyEvent[];
  /** Presses the button as somebody; returns the answer and the browser's cookie for it. */
  begin(owner: string | null, headers?: HeadersInit, method?: string): Promise<{ answer: Response; cookie: string }>;
  /** What the provider sends the browser back to. */
  decide(answer: Response, person?: "ada" | "grace" | "deny"): Promise<string>;
  /** The callback, with the app's user in a header that only this test knows. */
  come(url: string, cookie: string, owner: string | null): Promise<Response>;
}

/** An app that has users of its own, on web standards. */
export function createConnectApp(change: Partial<ConnectingOptions> = {}): ConnectApp {
  const clock = createClock(Date.UTC(2026, 0, 1));
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer });
  const events: PixyEvent[] = [];
  const { fetch } = provider;
  const grants = createGrants({
    ...{ providers: { spotify: { provider: spotify, clientId: "client" } }, secret },
    ...{ store: memoryStore({ now: clock.now }), fetch, now: clock.now },
  });
  const auth = createAuth({
    ...{ grants, baseUrl: "https://app.example", fetch, now: clock.now, scope: ["user-read-private"] },
    ownerOf: (request: Request) => request.headers.get("x-user"),
    accountOf: async (login) => ((await (await login.fetch("/v1/me")).json()) as { id: string }).id,
    onEvent: (event) => void events.push(event),
    ...change,
  });
  return {
    ...{ auth, grants, provider, events },
    async begin(owner, headers = { "sec-fetch-site": "same-origin" }, method = "POST") {
      const request = new Request("https://app.example/connect", { method, headers });
      const answer = await auth.connect(auth.open(fromRequest(request)), { owner, returnTo: "/settings" });
      return { answer, cookie: answer.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
    },
    decide: (answer, person = "ada") => provider.authorize(answer.headers.get("location") ?? "", { person }),
    come(url, cookie, owner) {
      const user: HeadersInit = owner === null ? {} : { "x-user": owner };
      return auth.handle(new Request(url, { headers: { cookie, "sec-fetch-mode": "navigate", ...user } }));
    },
  };
}
