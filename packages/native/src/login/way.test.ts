import { defineProvider } from "@pixy/core";
import { expect, it } from "vitest";
import { chooseWay } from "./way.ts";

const provider = (deviceAuthorizationEndpoint?: string) =>
  defineProvider({
    ...{ name: "p", issuer: "https://p.example", deviceAuthorizationEndpoint },
    ...{ authorizationEndpoint: "https://p.example/a", tokenEndpoint: "https://p.example/t" },
  });

it.each([
  ["linux", { DISPLAY: ":0" }, "browser", "browser"],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "browser", "browser"],
  ["linux", { WSL_DISTRO_NAME: "Debian" }, "browser", "browser"],
  ["linux", {}, "device", "paste"],
  // The screen is somewhere else, also where a window could be forwarded to it.
  ["linux", { DISPLAY: "localhost:10.0", SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" }, "device", "paste"],
  ["darwin", {}, "browser", "browser"],
  ["darwin", { SSH_TTY: "/dev/ttys001" }, "device", "paste"],
  ["win32", {}, "browser", "browser"],
])("on %s with %j it is %s, or %s without a device grant", (platform, environment, withDevice, without) => {
  const machine = { platform, environment, home: "/" };
  expect(chooseWay(provider("https://p.example/d"), machine)).toBe(withDevice);
  expect(chooseWay(provider(), machine)).toBe(without);
});
