import { pixy } from "@pixy/express";
import type { Grants } from "@pixy/grants";
import { Scopes } from "@pixy/providers/spotify";
import type { Environment } from "example-shared/environment";
import { styles } from "example-shared/styles";
import express, { type Express } from "express";
import type { Finding } from "./job.ts";
import { become, userOf, users } from "./users.ts";

/** The pages of the app: its users connect their account, and see what the job does meanwhile. */
export function createWeb(environment: Environment, grants: Grants, last: () => readonly Finding[]): Express {
  const { baseUrl, basePath } = environment;
  const auth = pixy({
    ...{ grants, baseUrl, name: "pixy-worker", scope: [Scopes.UserReadPrivate] },
    ownerOf: userOf,
    accountOf: async (login) => ((await (await login.fetch("/v1/me")).json()) as { readonly id: string }).id,
  });
  const app = express();
  const routes = express.Router();
  routes.use("/auth", auth.routes());
  routes.get("/", async (req, res) => {
    const owner = userOf(req);
    const isConnected = owner !== null && (await grants.has({ owner }));
    const found = last().find(([user]) => user === owner)?.[1];
    res.type("html").send(page(basePath, owner, isConnected, found));
  });
  routes.post("/users/:user", (req, res) => {
    if (users.includes(req.params.user)) become(res, req.params.user);
    res.redirect(303, `${basePath}/`);
  });
  routes.post("/connect", (req, res) => auth.connect(req, res, { owner: userOf(req), returnTo: `${basePath}/` }));
  routes.post("/disconnect", async (req, res) => {
    const owner = userOf(req);
    if (owner !== null) await grants.end({ owner });
    res.redirect(303, `${basePath}/`);
  });
  app.use(basePath === "" ? "/" : basePath, routes);
  return app;
}

/** Nothing in it comes from outside: users are a list of ours, and what was found is a status or a code. */
function page(basePath: string, owner: string | null, isConnected: boolean, found: string | undefined): string {
  const button = (path: string, label: string) =>
    `<form method="post" action="${basePath}${path}"><button>${label}</button></form>`;
  const choose = users.map((user) => button(`/users/${user}`, `I am ${user}`)).join("");
  const connected = `<p>Connected. The job last found: ${found ?? "nothing yet"}.</p>${button("/disconnect", "Disconnect")}`;
  const account = isConnected ? connected : button("/connect", "Connect Spotify");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A job that acts while people are away</title>
<link rel="icon" href="data:,"><style>${styles}</style></head><body><div class="page">
<header class="brand"><strong>Pixy</strong><span>in a worker</span></header><main class="card">
<h1>${owner === null ? "Who are you?" : `Hello, ${owner}`}</h1>${owner === null ? "" : account}${choose}</main></div></body></html>`;
}
