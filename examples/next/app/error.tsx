"use client";

interface Properties {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** Stands for a page that cannot be made. Where the provider or the session store is away the login is kept. */
export default function ErrorPage({ error, reset }: Properties) {
  const isOutage = error.digest?.startsWith("pixy/");
  return (
    <>
      <h1>{isOutage ? "Not now" : "Something went wrong"}</h1>
      <p className="lead">
        {isOutage
          ? "The login provider or the session store cannot be reached at the moment. Nothing is lost."
          : "It is not your fault. We have been told."}
      </p>
      <p className="actions">
        <button type="button" className="button" onClick={reset}>
          Try again
        </button>
      </p>
    </>
  );
}
