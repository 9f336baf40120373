import { auth } from "../../auth.ts";
import nextConfig from "../../next.config.ts";
import { allowPlaylists, askAgain, logout } from "./actions.ts";
import { AskAgain } from "./ask-again.tsx";
import { Country } from "./country.tsx";
import { FromScript } from "./from-script.tsx";

/** Everything that can ask for a token does so here: layout, page, nested component, action and, by script, a route. */
export default async function ProfilePage() {
  const login = await auth.requireLogin();
  const answer = await login.fetch("/v1/me");
  const { display_name: name } = (await answer.json()) as { display_name: string };
  return (
    <>
      <h1>{name}</h1>
      <dl className="facts">
        <Country />
        <FromScript url={`${nextConfig.basePath}/me`} />
      </dl>
      <AskAgain action={askAgain} />
      <div className="actions">
        <form action={allowPlaylists}>
          <button type="submit" className="button quiet">
            Allow playlists
          </button>
        </form>
        <form action={logout}>
          <button type="submit" className="button quiet">
            Log out
          </button>
        </form>
      </div>
    </>
  );
}
