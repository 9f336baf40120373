import type { Decision } from "../state/people.ts";
import type { ReceivedRequest, RequestKind } from "../state/recorded-request.ts";
import { apiEndpoint, type Resource } from "./api-endpoint.ts";
import { authorizeEndpoint } from "./authorize-endpoint.ts";
import { deviceEndpoint } from "./device-endpoint.ts";
import { type Context, json } from "./endpoint.ts";
import { metadataEndpoint, metadataPath, type Paths } from "./metadata-endpoint.ts";
import { revokeEndpoint } from "./revoke-endpoint.ts";
import { elsewhere } from "./spoiled-answer.ts";
import { startPage } from "./start-page.ts";
import { tokenEndpoint } from "./token-endpoint.ts";
import { verificationEndpoint, verificationPath } from "./verification-endpoint.ts";

/** Answers a request; `decided` is what a person said who needs no login page. */
export type Answering = (request: ReceivedRequest, decided: Decision | null) => Promise<Response>;

/** Everything that the server answers, by path. */
export interface Endpoints {
  kindOf(path: string): RequestKind;
  readonly answer: Answering;
}

export function createEndpoints(
  context: Context,
  paths: Paths,
  resources: Readonly<Record<string, Resource>>,
  kindOf: (path: string) => RequestKind | undefined = () => undefined,
): Endpoints {
  const { settings } = context;
  const answerToken = tokenEndpoint(context);

  return {
    kindOf(path) {
      const known = kindOf(path);
      if (known !== undefined) return known;
      if (path === paths.authorize) return "authorize";
      if (path === paths.token) return "token";
      if (path === paths.revoke) return "revoke";
      if (path === paths.device) return "device";
      if (paths.device && path === verificationPath) return "verify";
      if (path === metadataPath(settings.issuer)) return "metadata";
      return Object.hasOwn(resources, path) || path.startsWith("/v1/") ? "api" : "other";
    },
    async answer(request, decided) {
      const { pathname } = request.url;
      const resource = Object.hasOwn(resources, pathname) ? resources[pathname] : undefined;
      const { kind } = request.record;
      if (kind === "authorize") return authorizeEndpoint(context, request, decided);
      if (kind === "token") return answerToken(request);
      if (kind === "revoke") return revokeEndpoint(context, request);
      if (kind === "device") return deviceEndpoint(context, request);
      if (kind === "verify") return verificationEndpoint(context, request);
      if (kind === "metadata") return metadataEndpoint(settings, paths);
      if (resource !== undefined) return apiEndpoint(context, request, resource);
      if (pathname === elsewhere) {
        context.report(request, "redirect_followed", "The client followed a redirect that only an attacker sends.");
      }
      if (pathname === "/") return startPage(settings, paths, Object.keys(resources));
      return json(404, { error: { status: 404, message: "Not found" } });
    },
  };
}
