import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { findRedis, withRedis } from "./redis.ts";

withRedis("a Redis", () => {
  it("answers", async () => {
    const redis = await findRedis()?.start();
    const { hostname, port } = new URL(redis?.url ?? "");
    const socket = connect(Number(port), hostname).setEncoding("utf8");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    // A server with a password answers too, with an error that says so.
    expect(answer).toMatch(/^(\+PONG|-NOAUTH)/);
    socket.destroy();
    await redis?.stop();
  });
});
