import { expect, it } from "vitest";
import { appDirectory } from "./app-directory.ts";

it.each([
  ["linux", {}, "/home/ada", "/home/ada/.local/state/app"],
  ["linux", { XDG_STATE_HOME: "/state" }, "/home/ada", "/state/app"],
  // The specification has relative paths ignored.
  ["linux", { XDG_STATE_HOME: "state" }, "/home/ada", "/home/ada/.local/state/app"],
  ["linux", { XDG_STATE_HOME: "" }, "/home/ada", "/home/ada/.local/state/app"],
  ["freebsd", {}, "/home/ada", "/home/ada/.local/state/app"],
  ["darwin", { XDG_STATE_HOME: "/state" }, "/Users/ada", "/Users/ada/Library/Application Support/app"],
  ["win32", { APPDATA: "C:\\Users\\ada\\AppData\\Roaming" }, "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Roaming\\app"],
  ["win32", {}, "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Roaming\\app"],
])("on %s with %j it is below the person's own", (platform, environment, home, expected) => {
  expect(appDirectory("app", { platform, environment, home })).toBe(expected);
});
