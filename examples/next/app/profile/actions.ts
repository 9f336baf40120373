"use server";

import { Scopes } from "@pixy/providers/spotify";
import { auth } from "../../auth.ts";

/** Asks the provider for the person's name once more. */
export const askAgain = auth.action(async (login): Promise<string> => {
  const answer = await login.fetch("/v1/me");
  if (!answer.ok) return `The provider answered ${answer.status}.`;
  const { display_name: name } = (await answer.json()) as { display_name: string };
  return `The provider still knows you as ${name}.`;
});

export async function allowPlaylists(): Promise<void> {
  await auth.login({ scope: [Scopes.UserReadPrivate, Scopes.PlaylistReadPrivate] });
}

export async function logout(): Promise<void> {
  await auth.logout();
}
