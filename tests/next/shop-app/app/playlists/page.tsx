import { Suspense } from "react";
import { auth } from "../../auth.ts";

/** Asks for one more permission. */
export default function Playlists() {
  return (
    <Suspense fallback={<p>…</p>}>
      <Names />
    </Suspense>
  );
}

async function Names() {
  const login = await auth.requireLogin({ scope: ["playlist-read-private"] });
  const { items } = (await (await login.fetch("/v1/me/playlists")).json()) as { items: { name: string }[] };
  return <output>{items.map(({ name }) => name).join()}</output>;
}
