import type * as adapter from "@pixy/express";
import { spotify } from "@pixy/providers/spotify";
import type { issueSession } from "@pixy/server";
import express, { type Express, type Request } from "express";
import { type Contender, nameOf, secret, tokens } from "./contender.ts";

/** What is measured of ours, from whichever build. */
export type Library = Pick<typeof adapter, "pixy"> & { readonly issueSession: typeof issueSession };

export function app(): Express {
  const made = express();
  // What every application that cares for speed does, and the same for all.
  made.disable("x-powered-by").disable("etag");
  return made;
}

export const personOf = (req: Request): string => nameOf(req.query.person);

export function ours(library: Library, choice: Partial<adapter.PixyOptions<{ name: string }>> = {}): Contender {
  const { pixy, issueSession } = library;
  return ({ origin, body }) => {
    const options: adapter.PixyOptions<{ name: string }> = {
      provider: spotify,
      clientId: "bench",
      baseUrl: origin,
      secret,
      scope: ["user-read-private"],
      onLogin: () => ({ name: "" }),
      ...choice,
    };
    const auth = pixy(options);
    return app()
      .get("/enter", async (req, res) => {
        res.setHeader("set-cookie", await issueSession(options, { tokens, data: { name: personOf(req) } })).end();
      })
      .get("/me", auth.requireLogin(), (_req, res) => {
        res.json(body(res.locals.auth.current.data.name));
      });
  };
}
