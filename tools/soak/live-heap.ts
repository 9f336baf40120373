import { heapGraph, type LiveHeap, measureHeap } from "./heap-graph.ts";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
  readonly error?: { readonly message: string };
}

/** The address of the inspector in what a process has printed; the last one, because the package manager may print one too. */
export function inspectorIn(output: string): string | null {
  return [...output.matchAll(/Debugger listening on (ws:\/\/\S+)/g)].at(-1)?.[1] ?? null;
}

/** Collects the garbage of a process and measures what is left, by a snapshot; the process stands still meanwhile. */
export async function liveHeap(inspector: string): Promise<LiveHeap> {
  const socket = new WebSocket(inspector);
  const chunks: string[] = [];
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  socket.addEventListener("message", ({ data }) => {
    const { id, method, params, error } = JSON.parse(String(data)) as Message;
    if (method === "HeapProfiler.addHeapSnapshotChunk") chunks.push(params?.chunk ?? "");
    if (id === undefined) return;
    if (error === undefined) waiting.get(id)?.resolve();
    else waiting.get(id)?.reject(new Error(error.message));
  });
  const broken = new Promise<never>((_, reject) => {
    for (const event of ["error", "close"]) {
      socket.addEventListener(event, () => reject(new Error(`The inspector at ${inspector} has gone.`)));
    }
  });
  // Nobody may be waiting for it when we close it.
  broken.catch(() => {});
  const ask = async (method: string): Promise<void> => {
    const answer = Promise.withResolvers<void>();
    const id = waiting.size + 1;
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method }));
    await Promise.race([answer.promise, broken]);
  };
  try {
    await Promise.race([new Promise((resolve) => socket.addEventListener("open", resolve)), broken]);
    await ask("HeapProfiler.enable");
    await ask("HeapProfiler.collectGarbage");
    await ask("HeapProfiler.takeHeapSnapshot");
    await ask("HeapProfiler.disable");
  } finally {
    socket.close();
  }
  return measureHeap(heapGraph(chunks.join("")));
}
