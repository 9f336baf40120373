import { auth } from "../../auth.ts";

/** The Pages Router gives it Node's own request. */
export default auth.handlers.GET;
