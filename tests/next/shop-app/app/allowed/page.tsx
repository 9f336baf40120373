import { Suspense } from "react";
import { auth } from "../../auth.ts";

/** Is for Grace alone. */
export default function Allowed() {
  return (
    <Suspense fallback={<p>…</p>}>
      <Secret />
    </Suspense>
  );
}

async function Secret() {
  const login = await auth.requireLogin({ allow: ({ current }) => current.data.displayName === "Grace Hopper" });
  return <output>{login.current.data.displayName} alone</output>;
}
