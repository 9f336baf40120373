"use client";

/** Stands for a page that cannot be made, because the provider or the session store is away; the login is kept. */
export default function ErrorPage({ reset }: { readonly reset: () => void }) {
  return (
    <>
      <h1>Not now</h1>
      <p className="lead">The login provider or the session store cannot be reached at the moment. Nothing is lost.</p>
      <p className="actions">
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </>
  );
}
