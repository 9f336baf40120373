import { expect, it } from "vitest";
import { cells, type ForeignServer, invalidGrant } from "./foreign-server.ts";
import { createMatrix } from "./matrix.ts";

const server: ForeignServer = {
  ...{ name: "server", version: "1", reuse: "answered", deaths: { revoked: invalidGrant } },
  absent: { discovery: { says: "", where: "", never: /x/ } },
  start: () => Promise.reject(new Error("It is not started.")),
};

it("says of each cell what its tests have shown", () => {
  const matrix = createMatrix(cells);
  matrix.plan(server, "login", undefined);
  matrix.pass(server, "login");
  matrix.plan(server, "reuse", undefined);
  matrix.plan(server, "death", undefined);
  matrix.plan(server, "death", "a fault");
  matrix.pass(server, "death");
  matrix.plan(server, "denied", "a fault");
  const [, , row = ""] = matrix.table().split("\n");
  expect(row.split("|").map((cell) => cell.trim())).toEqual([
    ...["", "server 1", "holds", "fails", "fails", "holds but for 1 of 2", "known fault"],
    ...["fails", "fails", "absent", ""],
  ]);
});
