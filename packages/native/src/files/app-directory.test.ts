import { expect, it } from "vitest";
import { appDirectory } from "./app-directory.ts";

it.each([
  ["linux", {}, "/people/ada", "/people/ada/.local/state/app"],
  ["linux", { XDG_STATE_HOME: "/state" }, "/people/ada", "/state/app"],
  // The specification has relative paths ignored.
  ["linux", { XDG_STATE_HOME: "state" }, "/people/ada", "/people/ada/.local/state/app"],
  ["linux", { XDG_STATE_HOME: "" }, "/people/ada", "/people/ada/.local/state/app"],
  ["freebsd", {}, "/people/ada", "/people/ada/.local/state/app"],
  ["darwin", { XDG_STATE_HOME: "/state" }, "/people/ada", "/people/ada/Library/Application Support/app"],
  ["win32", { APPDATA: "C:\\Users\\ada\\AppData\\Roaming" }, "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Roaming\\app"],
  ["win32", {}, "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Roaming\\app"],
])("on %s with %j it is below the person's own", (platform, environment, home, expected) => {
  expect(appDirectory("app", { platform, environment, home })).toBe(expected);
});
