import { type PixyOptions, pixy } from "@pixy/express";
import type { AdapterProfile } from "@pixy/testing";
import type express from "express";
import type { Express, Request, RequestHandler } from "express";

/** The user of the app itself. */
const userOf = ({ headers }: Request) => /(?:^|; )user=([\w-]+)/.exec(headers.cookie ?? "")?.[1] ?? null;

/** The contract's app on Express, of whichever version. */
export function createExpressApp(
  framework: typeof express,
  instances: readonly PixyOptions<AdapterProfile>[],
): Express {
  const app = framework();
  for (const options of instances) {
    const { grants } = options;
    const auth = pixy(grants === undefined ? options : { ...options, ownerOf: userOf });
    const routes = framework.Router();
    const connected = `${new URL(options.baseUrl).pathname}/connected`;
    const handled =
      (path: string): RequestHandler =>
      async (req, res, next) => {
        try {
          const answer = await auth.of(req).fetch(path);
          res.status(answer.status).json(await answer.json());
        } catch (error) {
          next(error);
        }
      };
    routes.get("/public", (_req, res) => void res.json({ ok: true }));
    routes.use("/auth", auth.routes());
    routes.use(auth.middleware());
    const named: RequestHandler = async (req, res) => {
      res.json({ name: (await auth.of(req).session())?.data.name ?? null });
    };
    routes.get("/", named);
    routes.get("/own-cache", (_req, res, next) => {
      res.set("cache-control", "public, max-age=60, no-transform");
      next();
    });
    routes.get("/own-cache", named);
    routes.post("/connect", (req, res, next) => {
      auth.connect(req, res, { owner: userOf(req), returnTo: connected }).catch(next);
    });
    routes.get("/connected", async (req, res) => {
      const owner = userOf(req);
      res.json({ connected: owner !== null && (await grants?.has({ owner })) });
    });
    routes.get("/me", auth.requireLogin(), handled("/v1/me"));
    routes.get("/playlists", auth.requireScope("playlist-read-private"), handled("/v1/me/playlists"));
    routes.get("/unguarded", handled("/v1/me"));
    routes.get("/streaming", (req, res) => {
      const asked = auth.of(req).fetch("/v1/me");
      res.write("it is ");
      asked.then(
        ({ status }) => res.end(String(status)),
        (error) => res.end(error.code),
      );
    });
    routes.get("/own-cookie", auth.requireLogin(), (_req, res, next) => {
      res.cookie("own", "1").vary("Accept");
      next();
    });
    routes.get("/own-cookie", handled("/v1/me"));
    routes.use(auth.errorHandler());
    app.use(new URL(options.baseUrl).pathname, routes);
  }
  return app;
}
