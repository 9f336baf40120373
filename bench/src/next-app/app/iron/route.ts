import { bench } from "../../bench";
import { ironSession } from "../../iron";

export async function GET(): Promise<Response> {
  const { name } = await ironSession();
  return name === undefined ? new Response(null, { status: 401 }) : Response.json(bench().body(name));
}
