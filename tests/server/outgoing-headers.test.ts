import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { addHeaders, outgoingHeaders, privateLines } from "@pixy/server";
import { afterAll, describe, expect, it } from "vitest";

let answer: (response: ServerResponse) => void;
const server = createServer((_request, response) => answer(response));
const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => {
  server.close();
});

async function headersAfter(own: (response: ServerResponse) => void): Promise<IncomingMessage["headers"]> {
  await listening;
  answer = (response) => {
    own(response);
    addHeaders(outgoingHeaders(response), [["set-cookie", "ours=1"], ...privateLines]);
    response.end();
  };
  const { headers } = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port: (server.address() as AddressInfo).port, agent: false }, resolve).on("error", reject);
  });
  return headers;
}

describe("the headers of a Node response", () => {
  it("are added to as those of a web response are", async () => {
    const headers = await headersAfter((response) => {
      response.setHeader("Set-Cookie", ["own=1", "own=2"]);
      response.setHeader("Cache-Control", ["public", "no-transform"]);
      response.setHeader("VARY", "Accept");
      response.setHeader("X-Accel-Expires", 600);
    });
    expect(headers).toMatchObject({
      "set-cookie": ["own=1", "own=2", "ours=1"],
      "cache-control": "private, no-store, no-transform",
      vary: "Accept, Cookie",
    });
    expect(headers).not.toHaveProperty("x-accel-expires");
  });

  it("need none of the app's own", async () => {
    expect(await headersAfter(() => {})).toMatchObject({ "cache-control": "private, no-store", vary: "Cookie" });
  });
});
