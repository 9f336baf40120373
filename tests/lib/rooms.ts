import { posix } from "node:path";
import { type Files, importsOf, type Rule, sourcesOf, type Violation } from "./house.ts";

/**
 * The rooms of a package from the top to the bottom: a folder of `src`, or a file at its root. A file may import from its
 * own room and from those below it, types too.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  grants: ["index", "grant", "refresh", "events", "record", "sealing", "process"],
  server: [
    ...["index", "environment", "auth", "diagnosis", "request", "login", "session", "settings", "web", "errors"],
  ],
  native: ["index", "pixy", "login", "options", "terminal", "files", "errors"],
  testing: [
    ...[
      "index",
      "cli",
      "adapter-contract",
      "store-contract",
      "provider-contract",
      "contract",
      "with-session",
      "seal-session",
      "control",
      "browser",
      "provider",
    ],
    ...["families", "dialects", "endpoints", "state"],
  ],
};

/** `packages/server/src/web/cookies.ts` stands in `web`, `packages/server/src/errors.ts` in `errors`. */
function roomOf(path: string): string {
  return (path.split("/")[3] ?? "").replace(/\.tsx?$/, "");
}

/** The files of the same package that a file imports. */
function neighboursOf(path: string, text: string): string[] {
  return importsOf(text)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.normalize(posix.join(posix.dirname(path), specifier)));
}

/** Each room is known, and arrows between rooms only point down. */
export const importsGoDownTheRooms: Rule = (files) =>
  Object.entries(rooms).flatMap(([name, order]) =>
    sourcesOf(files, name).flatMap(([path, text]): Violation[] => {
      const room = roomOf(path);
      if (!order.includes(room)) return [{ path, problem: "stands in no room: say in tests/lib/rooms.ts where it is" }];
      return neighboursOf(path, text)
        .filter((target) => order.indexOf(roomOf(target)) < order.indexOf(room))
        .map((target) => ({ path, problem: `imports ${target}, which is above it` }));
    }),
  );

/** No file can be reached from itself, not even by types. */
export const importsRunInNoCircle: Rule = (files) =>
  packagesOf(files).flatMap((name) => {
    const arrows = new Map(sourcesOf(files, name).map(([path, text]) => [path, neighboursOf(path, text)]));
    const closed = new Set<string>();
    const violations: Violation[] = [];
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) {
        violations.push({ path, problem: `is in a circle: ${[...way.slice(way.indexOf(path)), path].join(" -> ")}` });
      } else if (!closed.has(path)) {
        for (const next of arrows.get(path) ?? []) visit(next, [...way, path]);
        closed.add(path);
      }
    };
    for (const path of arrows.keys()) visit(path, []);
    return violations;
  });

function packagesOf(files: Files): string[] {
  return [...new Set([...files.keys()].map((path) => /^packages\/([^/]+)\/src\//.exec(path)?.[1]))].filter(
    (name) => name !== undefined,
  );
}
