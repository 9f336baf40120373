import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { auth } from "../../../../auth";
import { router } from "../../../../trpc";

const answer = (req: Request): Promise<Response> =>
  auth.withLogin(
    (login) => fetchRequestHandler({ endpoint: "/api/trpc", req, router, createContext: () => ({ login }) }),
    { optional: true },
  );

export { answer as GET, answer as POST };
