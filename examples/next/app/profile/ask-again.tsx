"use client";

import { useActionState } from "react";

export function AskAgain({ action }: { readonly action: () => Promise<string> }) {
  const [said, ask, isAsking] = useActionState(() => action(), "");
  return (
    <form action={ask} className="actions">
      <button type="submit" className="button" disabled={isAsking}>
        Ask the provider again
      </button>
      <output>{said}</output>
    </form>
  );
}
