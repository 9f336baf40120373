import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { Absence } from "./foreign-server.ts";
import type { Matrix, Row } from "./matrix.ts";
import { installedFile } from "./version.ts";

/** Writes tests of a server's cells: one that it does not have is left out, and a known fault is expected to fail. */
export function cellOf<Column extends string>(server: Row<Column>, matrix: Matrix<Column>) {
  return (name: Column, promise: string, test: () => Promise<void>): void => {
    if (server.absent[name] !== undefined) return;
    const fault = server.faults?.[promise];
    matrix.plan(server, name, fault);
    const title = `${name}: ${promise}${fault === undefined ? "" : `, which fails today: ${fault}`}`;
    (fault === undefined ? it : it.fails)(title, async () => {
      await test();
      matrix.pass(server, name);
    });
  };
}

/** Looks a server's own words up. */
export function expectAbsent({ where, says, never }: Absence): void {
  const file = readFileSync(where.startsWith("/") ? where : installedFile(where));
  const text = String(where.endsWith(".gz") ? gunzipSync(file) : file);
  expect(text).toContain(says);
  expect(text).not.toMatch(never);
}
