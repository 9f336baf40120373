import { auth } from "../../auth.ts";

/** A component below a page asks for itself: nothing is handed down. */
export async function Country() {
  const login = await auth.requireLogin();
  const answer = await login.fetch("/v1/me");
  const { country } = (await answer.json()) as { country?: string };
  return (
    <div>
      <dt>Country</dt>
      <dd>{country ?? "unknown"}</dd>
    </div>
  );
}
