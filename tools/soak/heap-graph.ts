/** The form of a snapshot of V8: numbers in one row, a fixed count of them for each node and each edge. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** What lives in a process and what holds it; the root is node 0. */
export interface HeapGraph {
  /** What a node is, such as `object Session`; kinds that have no name of their own stay together. */
  kind(node: number): string;
  bytes(node: number): number;
  /** What it holds, and under which name; not what it knows only weakly. */
  eachHeld(node: number, visit: (held: number, name: string) => void): void;
}

/** What is left of a heap when all garbage is gone. */
export interface LiveHeap {
  readonly bytes: number;
  /** What only our own bounded caches hold: it grows to their bound and stays there. */
  readonly bounded: number;
  /** The kinds of the rest that take the most. */
  readonly kinds: readonly HeapKind[];
}

export interface HeapKind {
  readonly kind: string;
  readonly bytes: number;
  /** How the root holds one of them, the one farthest from it, where what grows hangs. */
  readonly path: string;
}

/** Classes of `@pixy/grants` that hold no more than a number of bytes, or than a number of records. */
const boundedClasses: ReadonlySet<string> = new Set(["object Memo", "object Recent", "object Records"]);
const kindsKept = 200;
const stepsKept = 8;

export function heapGraph(text: string): HeapGraph {
  const { snapshot, nodes, edges, strings } = JSON.parse(text) as Snapshot;
  const { node_fields: fields, node_types, edge_fields, edge_types } = snapshot.meta;
  const nodeTypes = node_types[0];
  const edgeTypes = edge_types[0];
  const [nodeSize, edgeSize] = [fields.length, edge_fields.length];
  const place = (name: string) => fields.indexOf(name);
  const [type, name, size, edgeCount] = [place("type"), place("name"), place("self_size"), place("edge_count")];
  const at = (node: number, field: number): number => nodes[node * nodeSize + field] ?? 0;
  const firstEdge = new Uint32Array(nodes.length / nodeSize + 1);
  for (let node = 0; node < firstEdge.length - 1; node++) {
    firstEdge[node + 1] = (firstEdge[node] ?? 0) + at(node, edgeCount);
  }
  return {
    kind(node) {
      const kind = nodeTypes[at(node, type)] ?? "";
      const hasName = kind === "object" || kind === "closure" || kind === "native";
      return hasName ? `${kind} ${strings[at(node, name)]?.split("/").at(-1)?.slice(0, 60)}` : kind;
    },
    bytes: (node) => at(node, size),
    eachHeld(node, visit) {
      const end = (firstEdge[node + 1] ?? 0) * edgeSize;
      for (let edge = (firstEdge[node] ?? 0) * edgeSize; edge < end; edge += edgeSize) {
        const edgeType = edgeTypes[edges[edge] ?? 0];
        if (edgeType === "weak") continue;
        const by = edges[edge + 1] ?? 0;
        const isNumbered = edgeType === "element" || edgeType === "hidden";
        visit((edges[edge + 2] ?? 0) / nodeSize, isNumbered ? `[${by}]` : (strings[by] ?? ""));
      }
    },
  };
}

/** Everything that can be reached from the root without going through what is not entered, the nearest first. */
function walk(graph: HeapGraph, isEntered: (node: number) => boolean) {
  const holders = new Map<number, { readonly holder: number; readonly name: string }>();
  const order = [0];
  holders.set(0, { holder: 0, name: "" });
  for (let next = 0; next < order.length; next++) {
    const holder = order[next] ?? 0;
    graph.eachHeld(holder, (node, name) => {
      if (holders.has(node) || !isEntered(node)) return;
      holders.set(node, { holder, name });
      order.push(node);
    });
  }
  return {
    order,
    pathTo(end: number): string {
      const steps: string[] = [];
      for (let node = end; node !== 0; node = holders.get(node)?.holder ?? 0) {
        // Modules are known by their files, and where those are is nobody's business.
        const name = holders.get(node)?.name.split("/").at(-1)?.slice(0, 40);
        steps.unshift(`${name} (${graph.kind(node)})`);
      }
      return (steps.length <= stepsKept ? steps : ["…", ...steps.slice(-stepsKept)]).join(" > ");
    },
  };
}

/** Tells what the bounded caches hold from the rest, and how much there is of each kind of the rest. */
export function measureHeap(graph: HeapGraph): LiveHeap {
  const sum = (nodes: readonly number[]) => nodes.reduce((bytes, node) => bytes + graph.bytes(node), 0);
  const bytes = sum(walk(graph, () => true).order);
  const rest = walk(graph, (node) => !boundedClasses.has(graph.kind(node)));
  const kinds = new Map<string, { bytes: number; farthest: number }>();
  for (const node of rest.order) {
    const kind = graph.kind(node);
    kinds.set(kind, { bytes: (kinds.get(kind)?.bytes ?? 0) + graph.bytes(node), farthest: node });
  }
  const largest = [...kinds].sort(([, one], [, other]) => other.bytes - one.bytes).slice(0, kindsKept);
  return {
    bytes,
    bounded: bytes - sum(rest.order),
    kinds: largest.map(([kind, of]) => ({ kind, bytes: of.bytes, path: rest.pathTo(of.farthest) })),
  };
}
