import { RequestError } from "@pixy/next";
import { createSafeActionClient, DEFAULT_SERVER_ERROR_MESSAGE } from "next-safe-action";
import { auth } from "./auth";

export const mine = createSafeActionClient({
  handleServerError: (error) => (RequestError.isInstance(error) ? error.code : DEFAULT_SERVER_ERROR_MESSAGE),
}).use(({ next }) => auth.withLogin((login) => next({ ctx: { login } })));
