import { issueSession, type PixyOptions, type Profile, type SessionInput } from "@pixy/server";
import { Cookie } from "tough-cookie";
import { randomToken } from "./state/random.ts";

/** A cookie as Playwright's `context.addCookies` takes it; other tools need only `name` and `value`. */
export interface SealedCookie {
  readonly name: string;
  readonly value: string;
  /** The host of the app's `baseUrl`. */
  readonly domain: string;
  readonly path: "/";
  /** Seconds since the Unix epoch; -1 where it lives until the browser closes (`session.persistent: false`). */
  readonly expires: number;
  readonly httpOnly: true;
  readonly secure: boolean;
  readonly sameSite: "Lax";
}

/** Who is logged in: `data` is what the app's `onLogin` would have returned. */
export interface SealSessionInput<Data> extends Omit<SessionInput<Data>, "tokens"> {
  /** `server.issueTokens(…)`, so that they work and can be refreshed; made up and valid for an hour, unless given. */
  readonly tokens?: SessionInput<Data>["tokens"];
}

/**
 * Mints the cookies of somebody who is logged in, without a browser, a login page or a running app.
 * `options` are the app's own; an app with a store of its own must share that very store.
 *
 * @throws what `issueSession` throws.
 * @example
 * const cookies = await sealSession(options, { data: { name: "Ada" } });
 * const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
 */
export async function sealSession<Data = Profile | null, Key extends string = never>(
  options: PixyOptions<Data, Key>,
  { tokens, ...input }: SealSessionInput<Data>,
): Promise<SealedCookie[]> {
  const madeUp = { accessToken: randomToken("access-"), expiresIn: 3600, scope: scopeOf(options, input.provider) };
  const lines = await issueSession(options, { tokens: tokens ?? madeUp, ...input });
  const now = options.now?.() ?? Date.now();
  const domain = new URL(options.baseUrl).hostname;
  return lines.map((line) => {
    const cookie = Cookie.parse(line);
    if (cookie === undefined) throw new Error("The session's cookie cannot be read.");
    return {
      name: cookie.key,
      value: cookie.value,
      domain,
      path: "/",
      expires: typeof cookie.maxAge === "number" ? Math.floor(now / 1000) + cookie.maxAge : -1,
      httpOnly: true,
      secure: cookie.secure,
      sameSite: "Lax",
    };
  });
}

function scopeOf(options: object, provider: string | undefined): readonly string[] {
  const { scope, providers } = options as { readonly scope?: readonly string[]; readonly providers?: Ways };
  return (provider === undefined ? scope : providers?.[provider]?.scope) ?? [];
}

type Ways = Readonly<Record<string, { readonly scope?: readonly string[] } | undefined>>;
