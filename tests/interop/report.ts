import { type Cell, cells, type Death, type ForeignServer } from "./foreign-server.ts";
import { type Matrix, markdown } from "./matrix.ts";

const places = {
  app: "the app",
  "app, no state": "the app, which cannot tell whose login it was",
  server: "the server",
};

/** What a run has found, as the part of tests/interop/README.md that it stands in. */
export function report(matrix: Matrix<Cell>, servers: readonly ForeignServer[]): string {
  return [matrix.table(), answers(servers), ...absences(servers), ...faults(servers)].join("\n\n");
}

function answers(servers: readonly ForeignServer[]): string {
  const rows = servers.map(({ name, reuse, deaths, denied, misdirected, revoked }) => [
    name,
    Object.entries(deaths)
      .map(([way, death]) => `${way}: ${said(death)}`)
      .join("; "),
    typeof reuse === "string" ? reuse : `${said(reuse)}; the grant ${reuse.endsGrant ? "ends" : "lives on"}`,
    denied === undefined ? "" : places[denied],
    misdirected === undefined ? "" : places[misdirected],
    revoked === undefined ? "" : `\`${revoked}\``,
  ]);
  const head = [
    "server",
    "a dead refresh token",
    "a replaced one",
    "a person who says no ends at",
    "a wrong redirect URI ends at",
    "after a logout",
  ];
  return markdown(head, rows);
}

function said({ answer, meaning }: Death): string {
  return `\`${answer}\`, ${meaning}`;
}

function absences(servers: readonly ForeignServer[]): string[] {
  const lines = servers.flatMap(({ name, absent }) =>
    cells.flatMap((cell) => {
      const absence = absent[cell];
      if (absence === undefined) return [];
      const { where, says, never } = absence;
      return [`- ${cell} at ${name}: \`${where}\` says "${says}", and nowhere \`${never.source}\``];
    }),
  );
  return lines.length === 0 ? [] : [`What is absent, in their own words:\n\n${lines.join("\n")}`];
}

function faults(servers: readonly ForeignServer[]): string[] {
  const lines = servers.flatMap(({ name, faults: known = {} }) =>
    Object.entries(known).map(([promise, fault]) => `- ${name}, ${promise}: ${fault}`),
  );
  return lines.length === 0 ? [] : [`What fails today, each with its test:\n\n${lines.join("\n")}`];
}
