import type { Secrets } from "../sealing/secrets.ts";
import { tuple } from "./grant-name.ts";

const encoder: TextEncoder = new TextEncoder();

/**
 * What the index notes of an owner: an HMAC under each secret, the current one first, so that a copy of the store names
 * nobody and what was noted under a previous secret is still found.
 */
export async function ownerMarks(
  secrets: Secrets,
  app: string,
  owner: string,
): Promise<readonly [string, ...string[]]> {
  const text = encoder.encode(tuple([app, owner]));
  const marks = (await secrets.keys()).map(async (secret) => {
    const bytes = await secret.derive("owner");
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return hex(await crypto.subtle.sign("HMAC", key, text));
  });
  return (await Promise.all(marks)) as [string, ...string[]];
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
