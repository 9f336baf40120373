import { ConfigurationError } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { createAuth, issueSession, memoryStore, type PixyOptions, SessionTooLargeError } from "../index.ts";

const moment = Date.UTC(2026, 10, 1);
const options: PixyOptions<{ name: string }> = {
  provider: spotify,
  clientId: "client-of-the-app",
  baseUrl: "https://app.example",
  secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
  now: () => moment,
  onLogin: () => ({ name: "of another login" }),
};
const tokens = { accessToken: "access", expiresIn: 3600, scope: ["user-read-private"], refreshToken: "refresh" };
const data = { name: "Ada" };

function sessionOf(of: PixyOptions<{ name: string }>, lines: readonly string[]) {
  const cookie = lines.map((line) => line.split(";")[0]).join("; ");
  const header = (name: string) => (name === "cookie" ? cookie : null);
  return createAuth(of).open({ method: "GET", url: "/", header }).session();
}

describe("issueSession", () => {
  it("makes the cookie of somebody who is logged in", async () => {
    const lines = await issueSession(options, { tokens, data });
    expect(lines).toEqual([
      expect.stringMatching(/^__Host-pixy=[\w.~-]+; Max-Age=2592000; Path=\/; HttpOnly; Secure;/),
    ]);
    expect(await sessionOf(options, lines)).toMatchObject({
      data,
      scope: ["user-read-private"],
      clientId: "client-of-the-app",
      expiresAt: new Date(moment + 3_600_000),
      authorizedAt: new Date(moment),
    });
  });

  it("keeps the record where the app keeps its sessions", async () => {
    const stored = { ...options, store: memoryStore({ now: () => moment }) };
    const lines = await issueSession(stored, { tokens, data });
    expect(lines[0]).toMatch(/^__Host-pixy=[\w-]{43};/);
    expect(await sessionOf(stored, lines)).toMatchObject({ data });
  });

  it("takes tokens that are older, and another client's", async () => {
    const older = { accessToken: "access", createdAt: moment - 60_000, authorizedAt: moment - 86_400_000 };
    const lines = await issueSession(options, { tokens: older, data, clientId: "own-client" });
    expect(await sessionOf(options, lines)).toMatchObject({
      clientId: "own-client",
      scope: [],
      expiresAt: null,
      authorizedAt: new Date(moment - 86_400_000),
    });
  });

  it("refuses options and tokens that cannot be used, and too much data", async () => {
    const issue = (changed: object, token = "access") =>
      issueSession({ ...options, ...changed }, { tokens: { accessToken: token }, data });
    await expect(issue({ secret: "short" })).rejects.toSatisfy(ConfigurationError.isInstance);
    await expect(issue({}, "")).rejects.toSatisfy(ConfigurationError.isInstance);
    const large = { name: "A".repeat(10_000) };
    await expect(issueSession(options, { tokens, data: large })).rejects.toSatisfy(SessionTooLargeError.isInstance);
  });
});
