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

/** One module may serve several bindings: each has grants of its own, which a run of the job makes, or a login. */
function grantsOf(bindings: JobBindings): Grants {
  const { PROVIDER_URL, SPOTIFY_CLIENT_ID: clientId, SESSION_SECRET: secret, SESSIONS, OWNERS } = bindings;
  return createGrants({
    providers: { spotify: { provider: spotifyAt(PROVIDER_URL, { idleLifetime: bindings.IDLE_LIFETIME }), clientId } },
    ...{ secret, store: durableObjectStore(SESSIONS, { owners: OWNERS }) },
  });
}

const auth = pixy((bindings: JobBindings) => ({
  grants: grantsOf(bindings),
  baseUrl: bindings.BASE_URL,
  name: "pixy-job",
  scope: [Scopes.UserReadPrivate],
}));

const app = new Hono<AuthEnv & { Bindings: JobBindings }>().route("/auth", auth.routes()).use(auth.middleware());
app.get("/me", auth.requireLogin(), async (c) => c.json(await (await c.var.auth.fetch("/v1/me")).json()));

/** A Worker that logs people in, and keeps what they granted alive while nobody is there. */
export default {
  fetch(request: Request, bindings: JobBindings, context: ExecutionContext): Response | Promise<Response> {
    return app.fetch(request, bindings, context);
  },

  /** Called by the Cron Trigger. A run that ends early is no harm: the next one goes on where it stopped. */
  async scheduled(_controller: unknown, bindings: JobBindings): Promise<void> {
    const { looked, renewed, failed, ended } = await grantsOf(bindings).upkeep({ within: withinSeconds });
    console.log(`looked at ${looked}: ${renewed} renewed, ${failed} to be tried again, ${ended} ended`);
  },
};

export { PixyOwnersObject, PixySessionObject } from "@pixy/cloudflare";
