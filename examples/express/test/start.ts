import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryStore } from "@pixy/express";
import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { readEnvironment } from "example-shared/environment";
import { afterEach } from "vitest";
import { createApp } from "../src/app.ts";

interface Started {
  readonly provider: AuthorizationServer;
  readonly browser: UserAgent;
  readonly url: string;
}

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts the app and a provider for one test; both end with it. */
export async function start(prefix = ""): Promise<Started> {
  const provider = createAuthorizationServer();
  const http = await serve(provider);
  const server = createServer((req, res) => app(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(http.close, () => server.close().closeAllConnections());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    PROVIDER_URL: http.url,
    BASE_URL: origin + prefix,
    SESSION_SECRET: "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ",
  };
  const app = createApp(readEnvironment(variables, { port: 3001 }), memoryStore());
  return { provider, browser: createUserAgent(), url: origin + prefix };
}
