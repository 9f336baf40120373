import { expect, it } from "vitest";
import { incomingOf } from "./incoming.ts";

it("keeps what Next 15 takes out of a request", () => {
  const request = new Request("https://app.example/me?a=1", { headers: { rsc: "1", cookie: "a=1" } });
  const incoming = incomingOf(request);
  request.headers.delete("rsc");
  expect([incoming.url, incoming.header("RSC"), incoming.header("cookie")]).toEqual(["/me?a=1", "1", "a=1"]);
});
