"use client";

export default function ErrorPage({ error }: { readonly error: Error & { readonly digest?: string } }) {
  return <h1>{error.digest}</h1>;
}
