"use client";

import { useSession } from "@pixy/browser/react";
import type { auth } from "../auth.ts";

export function Who() {
  const { status, data } = useSession<typeof auth>();
  return <p role="status">{status === "loggedIn" ? `You are ${data?.displayName}.` : status}</p>;
}
