import { getRequestListener } from "@hono/node-server";
import { createClient, issuer } from "@openauthjs/openauth";
import { OauthError } from "@openauthjs/openauth/error";
import { CodeProvider } from "@openauthjs/openauth/provider/code";
import { MemoryStorage } from "@openauthjs/openauth/storage/memory";
import { createSubjects } from "@openauthjs/openauth/subject";
import { CodeUI } from "@openauthjs/openauth/ui/code";
import { discover } from "@pixy/server";
import { vi } from "vitest";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { formOf } from "../form.ts";
import { serveOnLoopback } from "../loopback.ts";
import { versionOf } from "../version.ts";

const stranger = "nobody@example.org";
const subjects = createSubjects({
  user: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
});

/** A login by e-mail with pages of its own. A replaced refresh token is answered for a minute. Errors lose the `state`. */
export const openauth: ForeignServer = {
  name: "@openauthjs/openauth",
  version: versionOf("@openauthjs/openauth"),
  absent: {
    revocation: {
      says: "The well-known information for an OAuth 2.0 authorization server.",
      where: "@openauthjs/openauth/src/client.ts",
      never: /revo(cation|ke)/i,
    },
  },
  reuse: "answered",
  denied: "app, no state",
  misdirected: "app, no state",
  deaths: { revoked: invalidGrant, expired: invalidGrant },

  async start(redirectUri) {
    // It prints each request, and each error that it answers.
    const quiet = [vi.spyOn(console, "log"), vi.spyOn(console, "error")];
    for (const spy of quiet) spy.mockImplementation(() => {});
    const storage = MemoryStorage();
    const clientID = "client-of-the-app";
    let pin = "";
    let refreshTokenLifetime = 86_400;
    const app = issuer({
      subjects,
      storage,
      ttl: { access: 3600 },
      providers: {
        code: CodeProvider(
          CodeUI({
            async sendCode(_claims, code) {
              pin = code;
            },
          }),
        ),
      },
      allow: async ({ redirectURI }) => redirectURI === redirectUri,
      async success(context, { claims }) {
        const { email = "" } = claims as { email?: string };
        if (email === stranger) throw new OauthError("access_denied", "Not on the list.");
        return context.subject("user", { email }, { ttl: { refresh: refreshTokenLifetime }, subject: email });
      },
    });
    const server = await serveOnLoopback(() => getRequestListener(app.fetch));
    const { url } = server;
    const client = createClient({ clientID, issuer: url });
    app.get("/me", async (c) => {
      const verified = await client.verify(subjects, (c.req.header("authorization") ?? "").replace("Bearer ", ""));
      if (verified.err) return c.body(null, 401);
      const { email } = verified.subject.properties as { email: string };
      return c.json({ sub: email });
    });
    const find = (asked: string) =>
      discover(asked, {
        pkce: "known",
        allowInsecureLoopback: true,
        provider: { api: url, refreshTokens: { rotation: "rotating", retryUnknown: true } },
      });
    return {
      ...{ url, clientId: clientID, scope: [], profile: "/me", person: "ada@example.org" },
      provider: await find(url),
      discover: find,
      tokenRequests: () => server.requests("/token"),
      async visit(browser, address, decision) {
        let page = await browser.navigate(address);
        for (let form = formOf(page); form !== null; form = formOf(page)) {
          const answer =
            "code" in form.fields ? { code: pin } : { email: decision === "allow" ? "ada@example.org" : stranger };
          page = await browser.submit(form.action, { ...form.fields, ...answer });
        }
        return page;
      },
      deaths: {
        async revoked(logIn) {
          await logIn();
          // All of them first: a removal while scanning makes the scan jump over one.
          const keys: string[][] = [];
          for await (const [key] of storage.scan(["oauth:refresh"])) keys.push(key);
          for (const key of keys) await storage.remove(key);
        },
        async expired(logIn) {
          refreshTokenLifetime = -1;
          await logIn();
          refreshTokenLifetime = 86_400;
        },
      },
      async close() {
        for (const spy of quiet) spy.mockRestore();
        await server.close();
      },
    };
  },
};
