import { RequestError, type SignedIn } from "@pixy/next";
import { initTRPC, TRPCError } from "@trpc/server";

const { procedure, router: routerOf } = initTRPC.context<{ login: SignedIn<{ name: string }> | null }>().create();

const codes = { 401: "UNAUTHORIZED", 403: "FORBIDDEN", 503: "SERVICE_UNAVAILABLE" } as const;

/** For somebody who is logged in: `ctx.login` is there, and what goes wrong with it is the client's to know. */
const mine = procedure.use(async ({ ctx: { login }, next }) => {
  if (login === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "login_required" });
  const result = await next({ ctx: { login } });
  const cause = result.ok ? undefined : result.error.cause;
  if (!RequestError.isInstance(cause)) return result;
  const { code: message, status } = cause;
  throw new TRPCError({ code: codes[status as keyof typeof codes] ?? "INTERNAL_SERVER_ERROR", message, cause });
});

export const router = routerOf({
  name: mine.query(({ ctx }) => ctx.login.current.data.name),
  me: mine.query(async ({ ctx }) => (await ctx.login.fetch("/v1/me")).json()),
});
