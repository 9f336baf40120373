import { Scopes } from "@pixy/providers/spotify";
import { auth } from "../../auth.ts";
import { answer } from "../answer.ts";

export const GET = auth.route(async (_request, login) => answer(await login.fetch("/v1/me/playlists")), {
  scope: [Scopes.PlaylistReadPrivate],
});
