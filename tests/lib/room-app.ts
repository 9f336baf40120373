import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, type RoomOptions, serve } from "@pixy/testing";
import express, { type Express } from "express";
import { listen } from "./listen.ts";
import { secret } from "./web-app.ts";

/** An Express app and a provider with a control page on which the app stands. */
export interface RoomApp {
  readonly provider: AuthorizationServer;
  readonly providerUrl: string;
  readonly appUrl: string;
  close(): Promise<void>;
}

/** Starts both; `others` are further apps on the page. */
export async function startRoomApp(
  others: Readonly<Record<string, string>> = {},
  programsOf: (provider: AuthorizationServer, url: () => string) => RoomOptions["programs"] = () => ({}),
): Promise<RoomApp> {
  let app: Express | undefined;
  const server = await listen((request, response) => app?.(request, response));
  const provider = createAuthorizationServer();
  const programs = programsOf(provider, () => http.url) ?? {};
  const http = await serve(provider, { page: { apps: { shop: `${server.url}/me`, ...others }, programs } });
  const auth = pixy({
    ...{ provider: spotifyAt(http.url), clientId: "shop", baseUrl: server.url, secret },
    onEvent: () => {},
  });
  app = express();
  app.use("/auth", auth.routes());
  app.use(auth.middleware());
  app.get("/", (_req, res) => res.send("the shop"));
  app.get("/me", auth.requireLogin(), async (_req, res) => {
    res.json(await (await res.locals.auth.fetch("/v1/me")).json());
  });
  app.use(auth.errorHandler());
  return {
    ...{ provider, providerUrl: http.url, appUrl: server.url },
    close: async () => {
      await Promise.all([http.close(), server.close()]);
    },
  };
}
