import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createPackageFromTarballData } from "@arethetypeswrong/core";
import type { Tarball } from "./tarball.ts";

/** A package registry on this machine. */
export interface Registry {
  /** The origin, with a slash at the end, as npm wants it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Hands `tarballs` out as the registry will when they are published, so that `npm install @pixy/express` is what a
 * stranger types. It knows nothing else.
 */
export async function serveRegistry(tarballs: readonly Tarball[]): Promise<Registry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const tarball = tarballs.find(({ name }) => path === name || path === `${name}/-/packed.tgz`);
    if (tarball === undefined) response.writeHead(404).end();
    else if (path === tarball.name) sendJson(response, describe(tarball, url));
    else response.writeHead(200, { "content-type": "application/octet-stream" }).end(tarball.bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

// Another registry may have this port the next time.
function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function describe({ name, bytes }: Tarball, url: string): unknown {
  const manifest = JSON.parse(createPackageFromTarballData(bytes).readFile(`/node_modules/${name}/package.json`));
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  const dist = { tarball: `${url}${name}/-/packed.tgz`, integrity };
  const version: string = manifest.version;
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
