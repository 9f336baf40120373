import { headers } from "next/headers";
import { Suspense } from "react";
import { auth } from "../../auth.ts";

/** Its shell is sent before anybody asks who is there. */
export default function Profile() {
  return (
    <>
      <h1>Profile</h1>
      <Suspense fallback={<p>…</p>}>
        <Person />
      </Suspense>
    </>
  );
}

async function Person() {
  const login = await auth.requireLogin();
  const { display_name: name } = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
  const language = (await headers()).get("x-language") ?? "en";
  return <output lang={language}>{name}</output>;
}
