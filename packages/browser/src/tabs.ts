/** Tells the other tabs of this origin whose session this one has found, by its id; `null` for nobody's. */
export interface Tabs {
  tell(id: string | null): void;
  close(): void;
}

/** Listens to the other tabs. Where a browser has no way to, each tab looks for itself when it gets the focus. */
export function openTabs(name: string, onTold: (id: string | null) => void): Tabs {
  if (typeof BroadcastChannel === "undefined") return { tell() {}, close() {} };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onTold(data);
  return { tell: (id) => channel.postMessage(id), close: () => channel.close() };
}
