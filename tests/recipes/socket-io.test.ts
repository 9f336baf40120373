import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { pixy } from "@pixy/express";
import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import { type Clock, createAuthorizationServer, createClock, withSession } from "@pixy/testing";
import type { Request } from "express";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

describe("a handshake of socket.io behind the guard", () => {
  let clock: Clock;
  let url: string;
  let options: PixyOptions<{ readonly name: string }>;
  let close: () => Promise<void>;

  beforeEach(async () => {
    clock = createClock();
    const provider = createAuthorizationServer({ clock, issuer: spotify.issuer });
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    options = {
      ...{ provider: spotify, clientId: "client", baseUrl: url, secret, fetch: provider.fetch, now: clock.now },
      ...{ onEvent: () => {}, onLogin: () => ({ name: "of the provider" }) },
    };
    const auth = pixy(options);
    const sockets = new Server(server);
    // Before each request of a handshake, the upgrade too.
    sockets.engine.use(auth.requireLogin());
    sockets.on("connection", async (socket) => {
      const session = await auth.of(socket.request as IncomingMessage as Request).requireSession();
      socket.emit("hello", session.data.name);
    });
    close = async () => {
      const closed = sockets.close();
      server.closeAllConnections();
      await closed;
    };
  });
  afterEach(() => close());

  /** What a page hears: the name, or that it is not let in. */
  function connect(cookie: string, transport: "polling" | "websocket"): Promise<string> {
    const socket = io(url, {
      ...{ extraHeaders: { cookie }, transports: [transport], reconnection: false, forceNew: true },
    });
    return new Promise<string>((resolve) => {
      socket.on("hello", resolve);
      socket.on("connect_error", () => resolve("refused"));
    }).finally(() => socket.close());
  }

  it.each(["polling", "websocket"] as const)(
    "by %s: who is logged in is known, and nobody else gets in",
    async (transport) => {
      const { headers } = await withSession(options, { data: { name: "Ada" } });
      expect(await connect(headers.cookie, transport)).toBe("Ada");
      expect(await connect("", transport)).toBe("refused");
      expect(await connect(`${headers.cookie}x`, transport)).toBe("refused");
    },
  );
});
