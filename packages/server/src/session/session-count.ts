import { processState } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";

/** Counts the sessions of an app that this process has made. */
export interface SessionCount {
  add(): void;
  made(): number;
}

export function createSessionCount<Data>({ instance }: Settings<Data>): SessionCount {
  const state = processState(`sessions made ${instance}`, () => ({ made: 0 }));
  return {
    add() {
      state.made++;
    },
    made: () => state.made,
  };
}
