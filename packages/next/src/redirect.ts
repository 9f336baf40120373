import type { Auth, RequestError, RequestHandle } from "@pixy/server";

/** Leaves a page or a Server Action for a path of the app, or for another origin. */
export async function redirectTo({ settings }: Pick<Auth, "settings">, target: string): Promise<never> {
  // Imported late and without ".js": only a bundler of Next's resolves it, to another module for components than for
  // browsers, and an app's tests load this package in plain Node.
  const { redirect } = await import("next/navigation");
  // Absolute, because Next puts its base path in front of a path.
  return redirect(String(new URL(target, settings.baseUrl)));
}

/** Leads a page or a Server Action to the login, where a session ended to the one that it is from. */
export function redirectToLogin<Data, Key extends string | null>(
  auth: Auth<Data, Key>,
  handle: RequestHandle<Data, Key>,
  returnTo: string,
): Promise<never> {
  return redirectTo(auth, auth.loginPath(handle, returnTo));
}

/** Ends a page with Next's 403 where the app has `authInterrupts`; else with the error, whose digest tells `error.tsx`. */
export async function forbid(error: RequestError): Promise<never> {
  const { forbidden } = await import("next/navigation");
  try {
    // Without `authInterrupts` it throws an error of Next's own; before Next 15.1 there is none.
    return forbidden();
  } catch (thrown) {
    const isNext = thrown instanceof Error && "digest" in thrown && /^NEXT_HTTP_ERROR/.test(String(thrown.digest));
    throw isNext ? thrown : error;
  }
}
