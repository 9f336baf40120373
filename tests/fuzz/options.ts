import { spotify } from "@pixy/providers/spotify";
import { ConfigurationError, createAuth, defineProvider, type PixyOptions } from "@pixy/server";
import fc from "fast-check";
import { EnvironmentError, readEnvironment } from "../../examples/shared/src/environment.ts";
import { secret } from "../lib/web-app.ts";
import { keepSecret, printed, refusal, type Target, target, texts } from "./target.ts";

const words = ["https://", "http://", "app.example", "localhost", "127.0.0.1", ":3000", "/auth", "/"];
const anything = fc.oneof(
  { weight: 3, arbitrary: texts(words) },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 1 }) },
);
const good = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret };
const names = [
  "clientId",
  "baseUrl",
  "scope",
  "authPath",
  "callbackPath",
  "redirectUri",
  "session",
  "afterLogout",
  "name",
  "unknown",
];

const secrets = fc.oneof(texts([secret, secret.slice(0, 40)]), fc.anything({ maxDepth: 1 }));
const inputs = fc.tuple(
  fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 3 }),
  fc.dictionary(fc.constant("secret"), secrets),
);

const options = target("options", inputs, async ([others, own]) => {
  const some: Record<string, unknown> = { ...others, ...own };
  const error = await refusal(() => createAuth({ ...good, ...some } as unknown as PixyOptions<undefined>));
  if (error === null) return;
  if (!ConfigurationError.isInstance(error) || !error.hint) throw error;
  keepSecret(printed(error), [secret.slice(0, 40)]);
});

const endpoints = [
  "name",
  "issuer",
  "authorizationEndpoint",
  "tokenEndpoint",
  "revocationEndpoint",
  "api",
  "refreshTokens",
];
const provider = {
  ...{ name: "p", issuer: "https://as.example", authorizationEndpoint: "https://as.example/a" },
  tokenEndpoint: "https://as.example/t",
};

const providers = target(
  "providers",
  fc.dictionary(fc.constantFrom(...endpoints), anything, { maxKeys: 3 }),
  async (some) => {
    const error = await refusal(() => {
      const made = defineProvider({ ...provider, ...some } as typeof provider);
      const all = [made.issuer, made.authorizationEndpoint, made.tokenEndpoint, made.revocationEndpoint, made.api];
      if (all.some((url) => url !== undefined && !url.trim().toLowerCase().startsWith("https:")))
        throw new Error(`took ${all}`);
    });
    if (error !== null && !ConfigurationError.isInstance(error)) throw error;
  },
);

const variables = ["PORT", "BASE_URL", "SPOTIFY_CLIENT_ID", "PROVIDER_URL", "PROVIDER_ROTATION", "SESSION_STORE"];

const environment = target(
  "environment of an example",
  fc.tuple(
    fc.dictionary(fc.constantFrom(...variables), texts(words), { maxKeys: 5 }),
    fc.dictionary(fc.constant("REDIS_URL"), texts(["redis:", "//", ":canary-password@", "host", ":99999"])),
    fc.dictionary(fc.constant("SESSION_SECRET"), texts([secret, secret.slice(0, 40)])),
  ),
  ([others, redis, own]) => {
    const some = { ...others, ...redis, ...own };
    try {
      readEnvironment(some, { port: 3000, warn: () => {} });
    } catch (error) {
      if (!(error instanceof EnvironmentError) && !ConfigurationError.isInstance(error)) throw error;
      keepSecret(printed(error), ["canary-password", secret.slice(0, 40)]);
    }
  },
);

export const optionTargets: readonly Target[] = [options, providers, environment];
