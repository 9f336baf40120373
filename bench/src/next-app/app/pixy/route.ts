import { auth } from "../../auth";
import { bench } from "../../bench";

export const GET = auth.route((_request, login) => Response.json(bench().body(login.current.data.name)));
