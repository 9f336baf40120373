import { durableObjectStore, type SessionObjectNamespace } from "@pixy/cloudflare";
import { createGrants, type Grants } from "@pixy/grants";
import { type AuthEnv, pixy } from "@pixy/hono";
import { Scopes, spotifyAt } from "@pixy/providers/spotify";
import { type ExecutionContext, Hono } from "hono";

/** What wrangler.job.json binds, and what a deployment sets. */
export interface JobBindings {
  readonly SESSIONS: SessionObjectNamespace<unknown>;
  readonly OWNERS: SessionObjectNamespace<unknown>;
  readonly PROVIDER_URL: string;
  readonly SPOTIFY_CLIENT_ID: string;
  readonly SESSION_SECRET: string;
  readonly BASE_URL: string;
  /** Seconds after which the provider forgets a login that nobody uses. */
  readonly IDLE_LIFETIME: number;
}

/** What the Cron Trigger has to look after: the time until its next run, and a day for the provider to be away. */
const withinSeconds = 86_400 + 3_600;

// One module may serve several bindings: each has an app of its own.
const opened = new WeakMap<JobBindings, { readonly app: Hono<AuthEnv>; readonly grants: Grants }>();

function open(bindings: JobBindings) {
  const known = opened.get(bindings);
  if (known !== undefined) return known;
  const grants = createGrants({
    providers: {
      spotify: {
        provider: spotifyAt(bindings.PROVIDER_URL, { idleLifetime: bindings.IDLE_LIFETIME }),
        clientId: bindings.SPOTIFY_CLIENT_ID,
      },
    },
    secret: bindings.SESSION_SECRET,
    store: durableObjectStore(bindings.SESSIONS, { owners: bindings.OWNERS }),
  });
  const auth = pixy({ grants, baseUrl: bindings.BASE_URL, name: "pixy-job", scope: [Scopes.UserReadPrivate] });
  const app = new Hono<AuthEnv>();
  app.route("/auth", auth.routes());
  app.use(auth.middleware());
  app.get("/me", auth.requireLogin(), async (c) => c.json(await (await c.var.auth.fetch("/v1/me")).json()));
  const made = { app, grants };
  opened.set(bindings, made);
  return made;
}

/** A Worker that logs people in, and keeps what they granted alive while nobody is there. */
export default {
  fetch(request: Request, bindings: JobBindings, context: ExecutionContext): Response | Promise<Response> {
    return open(bindings).app.fetch(request, bindings, context);
  },

  /** Called by the Cron Trigger. A run that ends early is no harm: the next one goes on where it stopped. */
  async scheduled(_controller: unknown, bindings: JobBindings): Promise<void> {
    const { looked, renewed, failed, ended } = await open(bindings).grants.upkeep({ within: withinSeconds });
    console.log(`looked at ${looked}: ${renewed} renewed, ${failed} to be tried again, ${ended} ended`);
  },
};

export { PixyOwnersObject, PixySessionObject } from "@pixy/cloudflare";
