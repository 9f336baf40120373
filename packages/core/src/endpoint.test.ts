import { describe, expect, it } from "vitest";
import { isLoopback, parseEndpoint } from "./endpoint.ts";

const refusedWith = (code: string) => expect.objectContaining({ code, option: "tokenEndpoint" });

describe("an endpoint", () => {
  it("is https, with the port, path and query that it has", () => {
    const url = "https://id.example:8443/token?tenant=1";
    expect(parseEndpoint("tokenEndpoint", url, false).href).toBe(url);
  });

  it("is http on loopback only, and there only where that is allowed", () => {
    for (const host of ["127.0.0.1:4000", "[::1]", "localhost:1"]) {
      const url = `http://${host}/token`;
      expect(parseEndpoint("tokenEndpoint", url, true).href).toBe(url);
      expect(() => parseEndpoint("tokenEndpoint", url, false)).toThrow(refusedWith("insecure_endpoint"));
    }
    for (const url of ["http://id.example/token", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/token"]) {
      expect(() => parseEndpoint("tokenEndpoint", url, true)).toThrow(refusedWith("insecure_endpoint"));
    }
  });

  it.each([
    "",
    "/token",
    "https://",
    "https://user@id.example/",
    "https://:password@id.example/",
    "https://id.example/#",
    "https://id.example/ token",
    "https://id.example/\u00a0",
    "https://id.example/\u0007",
    undefined,
    new URL("https://id.example"),
  ])("is not %j, which a parser would mend in silence", (value) => {
    expect(() => parseEndpoint("tokenEndpoint", value, true)).toThrow(refusedWith("invalid_option"));
  });
});

describe("loopback", () => {
  it("is http on one of three names", () => {
    const urls = ["http://127.0.0.1", "http://[::1]:1", "http://localhost"];
    const others = ["https://localhost", "http://127.0.0.2", "http://evil.localhost", "http://localhost.evil"];
    expect(urls.filter((url) => !isLoopback(new URL(url)))).toEqual([]);
    expect(others.filter((url) => isLoopback(new URL(url)))).toEqual([]);
  });
});
