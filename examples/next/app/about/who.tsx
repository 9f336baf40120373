"use client";

import { useSession } from "@pixy/browser/react";
import type { auth } from "../../auth.ts";

/** Says by script who reads a page that is the same for everybody. */
export function Who() {
  const { status, data } = useSession<typeof auth>();
  const words = {
    loading: "…",
    loggedIn: `You are ${data?.displayName}.`,
    loggedOut: "Nobody is logged in.",
    unavailable: "Who you are cannot be said at the moment.",
  };
  return (
    <p className="lead" role="status">
      {words[status]}
    </p>
  );
}
