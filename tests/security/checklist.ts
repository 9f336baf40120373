import { browserRows } from "./browser-rows.ts";
import { peerRows } from "./peer-rows.ts";
import { protocolRows } from "./protocol-rows.ts";
import type { Row } from "./row.ts";

/** Every threat that was considered, in the order in which threats.md prints it. */
export const checklist: readonly Row[] = [...protocolRows, ...browserRows, ...peerRows].sort(byId);

function byId(first: Row, second: Row): number {
  const groups = "PABRNMSOXWCFKV";
  const rank = ({ id }: Row) => groups.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));
  return rank(first) - rank(second);
}
