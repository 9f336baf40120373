"use client";

/** Is shown when a page cannot be made, because the session store or the provider is away. */
export default function ErrorPage({ reset }: { readonly reset: () => void }) {
  return (
    <>
      <h1>Something is not there at the moment</h1>
      <p className="lead">Your login is kept. Try again in a few seconds.</p>
      <p className="actions">
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </>
  );
}
