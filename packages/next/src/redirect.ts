import type { Auth } from "@pixy/server";

/** Leaves a page or a Server Action for `url`. */
export async function redirectTo(url: string | URL): Promise<never> {
  // Imported late and without ".js": only a bundler of Next's resolves it, to another module for components than for
  // browsers, and an app's tests load this package in plain Node.
  const { redirect } = await import("next/navigation");
  // Absolute, because Next puts its base path in front of a path.
  return redirect(String(url));
}

/** Leads a page or a Server Action to the login. */
export function redirectToLogin<Data, Key extends string | null>(
  { settings, returnPath }: Auth<Data, Key>,
  returnTo: string,
): Promise<never> {
  const url = new URL(settings.loginUrl, settings.baseUrl);
  url.searchParams.set("returnTo", returnPath(returnTo));
  return redirectTo(url);
}
