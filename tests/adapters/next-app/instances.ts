import { type Pixy, type PixyOptions, pixy } from "@pixy/next";
import type { AdapterProfile } from "@pixy/testing";
import type { NextRequest } from "next/server";

declare global {
  /** What the running test started: it shares its process with this app, because options hold functions. */
  var contractInstances: readonly PixyOptions<AdapterProfile>[] | undefined;
  /** Hears what came of work that outlived its request. */
  var contractLate: ((said: number | string) => void) | undefined;
}

/** An instance of the login, and the path below which everything of it lies, without a slash at the end. */
export interface Instance {
  readonly auth: Pixy<AdapterProfile>;
  readonly basePath: string;
  readonly grants: PixyOptions<AdapterProfile>["grants"];
}

/** The user of the app itself. */
export function userOf(request: NextRequest): string | null {
  return request.cookies.get("user")?.value || null;
}

const made = new WeakMap<PixyOptions<AdapterProfile>, Instance>();

/** Returns the instance that a path belongs to: the one that lies deepest. */
export function instanceAt(pathname: string): Instance | undefined {
  const instances = (globalThis.contractInstances ?? []).map(instanceOf);
  return instances
    .filter(({ basePath }) => pathname === basePath || pathname.startsWith(`${basePath}/`))
    .sort((a, b) => b.basePath.length - a.basePath.length)[0];
}

function instanceOf(options: PixyOptions<AdapterProfile>): Instance {
  const known = made.get(options);
  if (known) return known;
  const { grants } = options;
  const auth = pixy(grants === undefined ? options : { ...options, ownerOf: userOf });
  const instance = { auth, grants, basePath: new URL(options.baseUrl).pathname.replace(/\/$/, "") };
  made.set(options, instance);
  return instance;
}
