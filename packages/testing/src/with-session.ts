import type { PixyOptions, Profile } from "@pixy/server";
import { type SealedCookie, type SealSessionInput, sealSession } from "./seal-session.ts";

/** Somebody who is logged in, as a test hands it over. */
export interface TestSession {
  readonly cookies: readonly SealedCookie[];
  /** For supertest's `.set(headers)`, Hono's `app.request(path, { headers })`, `fetch`, `new Request` and `new NextRequest`. */
  readonly headers: { readonly cookie: string };
}

/**
 * Logs somebody in without a login, for tests that are about something else; see `sealSession`.
 *
 * @throws what `issueSession` throws.
 * @example
 * const { headers } = await withSession(options, { data: { name: "Ada" } });
 * await request(app).get("/me").set(headers).expect(200); // supertest
 * const answer = await app.request("/me", { headers }); // Hono
 */
export async function withSession<Data = Profile | null, Key extends string = never>(
  options: PixyOptions<Data, Key>,
  input: SealSessionInput<Data>,
): Promise<TestSession> {
  const cookies = await sealSession(options, input);
  return { cookies, headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") } };
}
