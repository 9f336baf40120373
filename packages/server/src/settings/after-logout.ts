import type { Settings } from "./settings.ts";

/** Takes the path of a page that its guard is about to lead to the login. */
export type CheckGuarded = (path: string) => void;

/**
 * Makes the check of where a logout leads to. A guarded page there begins the next login at once, which a provider that
 * still knows the person finishes without a question; a `form-action` of the app's Content-Security-Policy blocks it,
 * because the redirects of a form count. Says so once; no path of a stranger's makes it speak in an app that is right.
 */
export function createAfterLogoutCheck<Data>({ afterLogout, basePath, emit }: Settings<Data>): CheckGuarded {
  const [target] = afterLogout.split(/[?#]/, 1);
  let isSilent = false;
  return (path) => {
    const [asked] = path.split(/[?#]/, 1);
    if (isSilent || (asked !== target && `${asked}/` !== target)) return;
    isSilent = true;
    emit({
      type: "set-up.warning",
      code: "after_logout_guarded",
      message:
        `A logout leads to ${target}, which is behind a guard: it begins the next login at once. ` +
        `Set afterLogout to a page that anybody may see, such as "${basePath}/goodbye".`,
    });
  };
}
