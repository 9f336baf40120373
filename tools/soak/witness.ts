import type { AuthorizationServer, HttpServer } from "@pixy/testing";
import { serve } from "@pixy/testing";

/** What the provider knows of one login: the truth that the app's answers are held against. */
export interface WitnessedLogin {
  readonly id: string;
  /** When its code was first sent to the provider; milliseconds since 1970. */
  readonly exchangedAt: number;
  /** Token requests with this login's refresh tokens that were answered with tokens. */
  refreshes: number;
  /** When something of this login last went wrong at the provider; milliseconds since 1970. */
  troubledAt: number;
  /** The provider used up the refresh token and the answer was lost on the way, on purpose. */
  undelivered: boolean;
  /** The lost answer can no longer be asked for again: losing this login is nobody's fault. */
  excused: boolean;
  /** The last things that happened, for whoever reads a report. */
  readonly history: string[];
}

export interface Witness {
  readonly url: string;
  /** The login that a callback's code became, or undefined when it was never exchanged. */
  byCode(code: string): WitnessedLogin | undefined;
  byId(id: string): WitnessedLogin | undefined;
  readonly undelivered: readonly WitnessedLogin[];
  readonly counts: { refreshes: number; refused: number; exchanges: number; spoiled: number };
  close(): Promise<void>;
}

const historyLength = 12;

/**
 * Serves the provider and looks over its shoulder: every token is traced to the login that it comes from, and `/v1/me`
 * says which login asked, so that an answer with another person's token cannot pass for a right one.
 */
export async function witness(provider: AuthorizationServer): Promise<Witness> {
  const byCode = new Map<string, WitnessedLogin>();
  const byToken = new Map<string, WitnessedLogin>();
  const byId = new Map<string, WitnessedLogin>();
  const counts = { refreshes: 0, refused: 0, exchanges: 0, spoiled: 0 };

  function note(login: WitnessedLogin, text: string): void {
    login.history.push(`${new Date().toISOString().slice(14, 23)} ${text}`);
    if (login.history.length > historyLength) login.history.shift();
  }

  function loginOf(parameters: URLSearchParams): WitnessedLogin | undefined {
    const code = parameters.get("code");
    if (code === null) return byToken.get(parameters.get("refresh_token") ?? "");
    const known = byCode.get(code);
    if (known) return known;
    const id = `login-${byCode.size + 1}`;
    const exchangedAt = Date.now();
    const login = { id, exchangedAt, refreshes: 0, troubledAt: 0, undelivered: false, excused: false, history: [] };
    byCode.set(code, login);
    byId.set(id, login);
    return login;
  }

  async function answerToken(request: Request): Promise<Awaited<ReturnType<AuthorizationServer["handle"]>>> {
    const parameters = new URLSearchParams(await request.clone().text());
    const login = loginOf(parameters);
    const refreshes = parameters.get("grant_type") === "refresh_token";
    const { rotation } = provider.settings;
    const answer = await provider.handle(request);
    if (login === undefined) return answer;
    const secret = parameters.get("code") ?? parameters.get("refresh_token");
    const fault = provider.requests.findLast(
      ({ parameters: sent }) => (sent.code ?? sent.refresh_token) === secret,
    )?.fault;
    const body = answer.kind === "response" ? await readJson(answer.response) : null;
    if (typeof body?.access_token === "string") {
      byToken.set(body.access_token, login);
      if (typeof body.refresh_token === "string") byToken.set(body.refresh_token, login);
      if (refreshes) login.refreshes += 1;
      counts[refreshes ? "refreshes" : "exchanges"] += 1;
      login.undelivered = false;
      note(login, `${refreshes ? "refreshed" : "exchanged"} (${rotation})`);
      return answer;
    }
    login.troubledAt = Date.now();
    counts.spoiled += 1;
    if (body?.error === "invalid_grant") counts.refused += 1;
    // A fault that consumes leaves no trace in the answer; only its kind tells.
    const consumed = fault === "reset-after-consume" || fault === "half-json" || fault === "html";
    if (refreshes && consumed && rotation !== "omit") login.undelivered = true;
    note(login, `${refreshes ? "refresh" : "exchange"} failed: ${String(body?.error ?? fault)} (${rotation})`);
    return answer;
  }

  async function answerApi(request: Request): Promise<Awaited<ReturnType<AuthorizationServer["handle"]>>> {
    const token = request.headers.get("authorization")?.replace(/^Bearer /i, "") ?? "";
    const login = byToken.get(token);
    const answer = await provider.handle(request);
    if (login === undefined || answer.kind !== "response" || !answer.response.ok) {
      if (login) {
        login.troubledAt = Date.now();
        note(login, `api: ${answer.kind === "response" ? answer.response.status : answer.kind}`);
      }
      return answer;
    }
    const body = { ...(await readJson(answer.response)), login: login.id };
    return { kind: "response", response: Response.json(body) };
  }

  const http: HttpServer = await serve({
    ...provider,
    handle: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/token") return answerToken(request);
      return pathname.startsWith("/v1/") ? answerApi(request) : provider.handle(request);
    },
  });
  return {
    url: http.url,
    byCode: (code) => byCode.get(code),
    byId: (id) => byId.get(id),
    get undelivered() {
      return [...byId.values()].filter((login) => login.undelivered && !login.excused);
    },
    counts,
    close: http.close,
  };
}

async function readJson(response: Response): Promise<Record<string, unknown> | null> {
  try {
    return (await response.clone().json()) as Record<string, unknown>;
  } catch {
    return null;
  }
}
