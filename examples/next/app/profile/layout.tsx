import type { ReactNode } from "react";
import { auth } from "../../auth.ts";

export default async function ProfileLayout({ children }: { readonly children: ReactNode }) {
  const login = await auth.requireLogin();
  const answer = await login.fetch("/v1/me");
  return (
    <>
      <p className="lead">
        {login.current.data.displayName}, the provider answered {answer.status}.
      </p>
      {children}
    </>
  );
}
