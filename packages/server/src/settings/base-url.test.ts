import { ConfigurationError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { basePathOf, isLoopback, readBaseUrl, stripPrefix } from "./base-url.ts";

function hintOf(value: unknown): string {
  try {
    readBaseUrl(value);
  } catch (error) {
    if (ConfigurationError.isInstance(error) && error.option === "baseUrl") return error.hint;
    throw error;
  }
  throw new Error("It was taken.");
}

describe("base URL", () => {
  it("may be https anywhere, and http on loopback", () => {
    for (const url of [
      "https://app.example",
      "https://app.example:8443/shop",
      "http://127.0.0.1:3000",
      "http://[::1]:1",
    ]) {
      expect(readBaseUrl(url).href).toBe(new URL(url).href);
    }
  });

  it("names the https URL to write in the place of an http one", () => {
    expect(hintOf("HTTP://app.example/shop")).toBe("Use https: https://app.example/shop");
    expect(hintOf("http://127.0.0.1.evil.example")).toContain("https://127.0.0.1.evil.example");
  });

  it("is neither empty, nor of another scheme, nor more than an origin and a path", () => {
    for (const empty of [undefined, ""]) expect(hintOf(empty)).toContain("is the variable set");
    for (const other of ["app.example", "ftp://app.example", 3000, null, new URL("https://app.example")])
      expect(hintOf(other)).toContain("Give the");
    for (const more of [
      "https://a:b@app.example",
      "https://a@app.example",
      "https://:b@app.example",
      "https://app.example?x",
      "https://app.example#x",
    ]) {
      expect(hintOf(more)).toContain("Leave out");
    }
  });
});

describe("base path", () => {
  it("has no slash at the end, however many were written", () => {
    const paths = ["", "/", "/shop", "/shop/", "/shop///"].map((path) =>
      basePathOf(new URL(`https://a.example${path}`)),
    );
    expect(paths).toEqual(["", "", "/shop", "/shop", "/shop"]);
  });

  it("is taken off a path that is below it, and off no other", () => {
    expect(stripPrefix("/shop/auth/login", "/shop")).toBe("/auth/login");
    expect(stripPrefix("/shopping/auth", "/shop")).toBe("/shopping/auth");
    expect(stripPrefix("/shop", "/shop")).toBe("/shop");
    expect(stripPrefix("/auth", "")).toBe("/auth");
  });
});

describe("loopback", () => {
  it("has three names", () => {
    const own = ["127.0.0.1", "[::1]", "localhost"];
    const others = ["127.0.0.2", "localhost.example", "example"];
    expect([...own, ...others].filter((host) => isLoopback(new URL(`http://${host}`)))).toEqual(own);
  });
});
