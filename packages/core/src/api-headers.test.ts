import { expect, it } from "vitest";
import { apiHeaders } from "./api-headers.ts";
import { defineProvider } from "./provider.ts";

const endpoints = {
  ...{ name: "as", issuer: "https://as.example" },
  ...{ authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "https://as.example/token" },
};

it("fills the client id in", () => {
  const headers = { api: { "Client-Id": "{client_id}", "Notion-Version": "2026-03-11" } };
  expect(apiHeaders(defineProvider({ ...endpoints, headers }), "abc")).toEqual({
    "Client-Id": "abc",
    "Notion-Version": "2026-03-11",
  });
  expect(apiHeaders(defineProvider(endpoints), "abc")).toEqual({});
});
