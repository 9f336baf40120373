import { type Matrix, markdown } from "../matrix.ts";
import { absenceText, type OpenIdCell, openIdCells } from "./cells.ts";
import type { OpenIdServer } from "./describe-openid.ts";

/** What the page says of a server beside its cells. */
export type Described = Pick<OpenIdServer, "name" | "absent" | "algorithm" | "hasAccessTokenHash" | "faults">;

/** What a run has found, as the part of tests/interop/README.md that it stands in. */
export function openIdReport(matrix: Matrix<OpenIdCell>, servers: readonly Described[]): string {
  const rows = servers.map(({ name, algorithm, hasAccessTokenHash, absent }) => [
    name,
    algorithm,
    hasAccessTokenHash ? "yes" : "no",
    absent.refresh === undefined ? "yes" : "no",
  ]);
  const lines = servers.flatMap(({ name, absent }) =>
    openIdCells.flatMap((cell) => {
      const absence = absent[cell];
      return absence === undefined ? [] : [`- ${cell} at ${name}: ${absenceText(cell, absence)}`];
    }),
  );
  const faults = servers.flatMap(({ name, faults: known = {} }) =>
    Object.entries(known).map(([promise, fault]) => `- ${name}, ${promise}: ${fault}`),
  );
  return [
    matrix.table(),
    markdown(["server", "its ID tokens are signed by", "they have `at_hash`", "a refresh brings one"], rows),
    ...(lines.length === 0 ? [] : [`What is absent:\n\n${lines.join("\n")}`]),
    ...(faults.length === 0 ? [] : [`What fails today, each with its test:\n\n${faults.join("\n")}`]),
  ].join("\n\n");
}
