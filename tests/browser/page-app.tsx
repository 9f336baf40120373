import { SessionProvider, useSession } from "@pixy/browser/react";
import { type ReactNode, useEffect } from "react";
import { createRoot } from "react-dom/client";

/** The page of a React app in front of Express: who is there, and what a person can do. */
function Person(): ReactNode {
  const { status, data, login, logout, fetch } = useSession<{ readonly name: string }>();
  useEffect(() => {
    if (location.hash === "#asks") void fetch("/me?unasked");
  }, [fetch]);
  const ask = (path: string) => () =>
    void fetch(path).then(({ status: answered }) => {
      document.title = `${path} ${answered}`;
    });
  return (
    <>
      <p role="status">{`${status} ${data?.name ?? "nobody"}`}</p>
      <button type="button" onClick={() => login()}>
        Log in
      </button>
      <button type="button" onClick={() => void logout({ returnTo: false })}>
        Log out
      </button>
      <button type="button" onClick={ask("/me")}>
        Ask
      </button>
      <button type="button" onClick={ask("/playlists")}>
        Playlists
      </button>
    </>
  );
}

const root = document.createElement("main");
document.body.append(root);
createRoot(root).render(
  <SessionProvider>
    <Person />
  </SessionProvider>,
);
