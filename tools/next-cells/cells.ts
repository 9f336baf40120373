/** One way to build and serve a Next app. */
export interface Cell {
  readonly next: 15 | 16;
  readonly bundler: "Turbopack" | "webpack";
  /** What is in front of the pages, and its runtime. */
  readonly front: "proxy.ts, Node" | "middleware.ts, Node" | "middleware.ts, edge";
  /** The runtime of pages and Route Handlers. */
  readonly routes: "Node" | "edge";
}

export const cells: readonly Cell[] = [
  { next: 16, bundler: "Turbopack", front: "proxy.ts, Node", routes: "Node" },
  { next: 16, bundler: "webpack", front: "proxy.ts, Node", routes: "Node" },
  { next: 16, bundler: "Turbopack", front: "middleware.ts, edge", routes: "Node" },
  { next: 16, bundler: "webpack", front: "middleware.ts, edge", routes: "edge" },
  { next: 15, bundler: "webpack", front: "middleware.ts, edge", routes: "Node" },
  { next: 15, bundler: "Turbopack", front: "middleware.ts, edge", routes: "Node" },
  { next: 15, bundler: "webpack", front: "middleware.ts, Node", routes: "Node" },
  { next: 15, bundler: "webpack", front: "middleware.ts, edge", routes: "edge" },
];

export const nameOf = ({ next, bundler, front, routes }: Cell): string =>
  `Next ${next}, ${bundler}, ${front}, routes on ${routes}`;

/** Whether the edge runtime, which has no sockets and no memory to share, asks for the login: then it is in cookies. */
export const needsCookies = ({ front, routes }: Cell): boolean => front.endsWith("edge") || routes === "edge";
