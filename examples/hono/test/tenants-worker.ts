import { type AuthEnv, type PixyEvent, pixy } from "@pixy/hono";
import { spotifyAt } from "@pixy/providers/spotify";
import { type ExecutionContext, Hono } from "hono";

export interface Tenant {
  readonly CLIENT: string;
  readonly SECRET: string;
  readonly BASE_URL: string;
  readonly PROVIDER_URL: string;
}

const resolved: string[] = [];
const events: PixyEvent["type"][] = [];
let ahead = 0;

const auth = pixy((tenant: Tenant) => {
  resolved.push(tenant.CLIENT);
  return {
    provider: spotifyAt(tenant.PROVIDER_URL),
    clientId: tenant.CLIENT,
    baseUrl: tenant.BASE_URL,
    secret: tenant.SECRET,
    now: () => Date.now() + ahead,
    onEvent: (event: PixyEvent) => void events.push(event.type),
  };
});

const app = new Hono<AuthEnv>();
app.post("/test/advance/:milliseconds", (c) => {
  ahead += Number(c.req.param("milliseconds"));
  return c.json(ahead);
});
app.get("/test/state", (c) => c.json({ resolved, events }));
app.route("/auth", auth.routes());
app.use(auth.middleware());
app.get("/me", auth.requireLogin(), (c) => c.var.auth.fetch("/v1/me"));
app.get("/redirect", async (c) => {
  await c.var.auth.session();
  return Response.redirect("https://elsewhere.test/");
});

/** Two tenants in one isolate; the header says whose request it is. */
export default {
  fetch(request: Request, bindings: { readonly one: Tenant; readonly two: Tenant }, context: ExecutionContext) {
    return app.fetch(request, request.headers.get("x-tenant") === "two" ? bindings.two : bindings.one, context);
  },
};
