import type { Dialect } from "./dialect.ts";

const mostLogins = 10_000;

/** Gives a refresh token to a login alone whose URL asked for it, e.g. with `access_type=offline`. */
export function offline(parameter: string, value: string): Dialect {
  return (strict, context) => {
    const lasting = new Set<string>();

    return async (request, decided) => {
      const answer = await strict(request, decided);
      const location = answer.headers.get("location");
      const issued = location === null ? null : new URL(location).searchParams.get("code");
      if (issued !== null && request.query.get(parameter) === value) lasting.add(issued);
      if (lasting.size > mostLogins) lasting.clear();
      const code = request.form?.get("code");
      if (request.record.kind !== "token" || !answer.ok || !code || lasting.has(code)) return answer;
      const { refresh_token, ...members } = (await answer.json()) as Record<string, unknown>;
      const grant = context.grants.findByRefreshToken(String(refresh_token));
      if (grant !== undefined) grant.refreshToken = null;
      return Response.json(members, { headers: { "cache-control": "no-store" } });
    };
  };
}
