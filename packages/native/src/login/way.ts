import type { Provider } from "@pixy/core";
import type { Machine } from "../files/app-directory.ts";

/** How somebody logs in: with this machine's browser, with a browser elsewhere and a pasted address, or with a code on another screen. */
export type LoginWay = "browser" | "paste" | "device";

/** Chooses the way where nobody has: where there is no screen, a code on another one, or a pasted address. */
export function chooseWay(provider: Provider, machine: Machine): LoginWay {
  if (hasScreen(machine)) return "browser";
  return provider.deviceAuthorizationEndpoint ? "device" : "paste";
}

/** Whether a browser that is opened here would be seen by whoever sits at the terminal. */
function hasScreen({ platform, environment }: Machine): boolean {
  const { SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = environment;
  if (SSH_CONNECTION || SSH_TTY) return false;
  return platform === "win32" || platform === "darwin" || Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME);
}
