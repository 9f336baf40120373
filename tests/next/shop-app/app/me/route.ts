import { auth } from "../../auth.ts";

export const GET = auth.route(async (_request, login) => Response.json(await (await login.fetch("/v1/me")).json()));
