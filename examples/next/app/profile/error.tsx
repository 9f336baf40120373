"use client";

/** The provider is away; the login is kept. */
export default function ProfileError({ reset }: { readonly reset: () => void }) {
  return (
    <>
      <h1>Not now</h1>
      <p className="lead">The login provider cannot be reached at the moment. Nothing is lost.</p>
      <p className="actions">
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </>
  );
}
