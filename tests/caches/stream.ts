import { get, type IncomingMessage } from "node:http";
import { sealSession } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { options, type PeopleApp } from "./two-people.ts";

/** `/people/events` sends one event with the person's name, may not be transformed, and stays open. */
export function describeStream({ name, start }: Pick<PeopleApp, "name" | "start">): void {
  describe(`${name} with compression`, () => {
    it("sends a personal event at once where the app says no-transform", async () => {
      const server = await start(options);
      const cookies = await sealSession(options, { data: { name: "Ada Lovelace" } });
      const cookie = cookies.map((sealed) => `${sealed.name}=${sealed.value}`).join("; ");
      const headers = { host: "app.example", cookie, "accept-encoding": "gzip" };
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        get(`${server.url}/people/events`, { headers, agent: false }, resolve).on("error", reject);
      });
      try {
        expect(message.headers["content-encoding"]).toBeUndefined();
        expect(message.headers["cache-control"]).toBe("private, no-store, no-cache, no-transform");
        for await (const chunk of message) {
          expect(String(chunk)).toBe("data: Ada Lovelace\n\n");
          break;
        }
      } finally {
        message.destroy();
        await server.close();
      }
    });
  });
}
