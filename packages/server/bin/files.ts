import type { Framework, Project } from "./project.ts";
import type { ProviderChoice } from "./provider-choice.ts";

export const stores = ["cookie", "redis", "postgres"] as const;
export type Store = (typeof stores)[number];

/** What was chosen. */
export interface Choice {
  readonly framework: Framework;
  readonly provider: ProviderChoice;
  readonly store: Store;
  readonly baseUrl: string;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The packages that the files import. */
export function packagesOf({ framework, store, provider }: Choice): string[] {
  const ofStore = { cookie: [], redis: ["@pixy/redis", "ioredis"], postgres: ["@pixy/postgres", "pg"] }[store];
  const preset = provider.expression.includes("discover(") ? [] : ["@pixy/providers"];
  const server = framework === "hono" ? ["@hono/node-server"] : [];
  return [`@pixy/${framework}`, ...preset, ...ofStore, ...server];
}

/** The names of the environment's variables: those of the provider carry its name. */
export function variablesOf({ provider, store }: Choice): readonly string[] {
  const name = provider.name.toUpperCase();
  const secret = provider.authentication === "none" ? [] : [`${name}_CLIENT_SECRET`];
  const ofStore = { cookie: [], redis: ["REDIS_URL"], postgres: ["DATABASE_URL"] }[store];
  return [`${name}_CLIENT_ID`, ...secret, "BASE_URL", "SESSION_SECRET", ...ofStore];
}

/** The file that makes `auth`; with `exports` unset it is the beginning of another file. */
export function authFile(choice: Choice, exports: boolean): string {
  const { framework, provider, store } = choice;
  const { expression, authentication, scope } = provider;
  const made = /(?:=> )?(\w+)/.exec(expression.replace(/^\(\) /, ""))?.[1] ?? provider.name;
  const ours = ["pixy", ...(made === "discover" ? [made] : []), ...(authentication === "none" ? [] : [authentication])];
  const client = { cookie: [], redis: ['import { Redis } from "ioredis";'], postgres: ['import pg from "pg";'] }[store];
  const storeImport = { cookie: "", redis: "redisStore", postgres: "postgresStore" }[store];
  const env = (name: string) => `process.env.${name} ?? ""`;
  const lines = [
    `provider: ${expression},`,
    `clientId: ${env(`${provider.name.toUpperCase()}_CLIENT_ID`)},`,
    ...(authentication === "none"
      ? []
      : [`clientAuthentication: ${authentication}(${env(`${provider.name.toUpperCase()}_CLIENT_SECRET`)}),`]),
    `baseUrl: ${env("BASE_URL")},`,
    `secret: ${env("SESSION_SECRET")},`,
    ...(scope === ""
      ? []
      : [
          `scope: [${scope
            .split(" ")
            .map((word) => `"${word}"`)
            .join(", ")}],`,
        ]),
    ...{ cookie: [], redis: ["store: redisStore(redis),"], postgres: ["store: postgresStore({ pool }),"] }[store],
  ];
  const lazy = framework === "next";
  const close = lazy ? "}));" : "});";
  return [
    `import { ${ours.sort().join(", ")} } from "@pixy/${framework}";`,
    ...(storeImport === "" ? [] : [`import { ${storeImport} } from "@pixy/${store}";`]),
    ...(made === "discover" ? [] : [`import { ${made} } from "@pixy/providers/${provider.name}";`]),
    ...client,
    "",
    ...clientOf(store),
    ...(lazy ? ["// A function, because `next build` imports this file without secrets."] : []),
    `${exports ? "export " : ""}const auth = pixy(${lazy ? "() => (" : ""}{`,
    ...lines.map((line) => `  ${line}`),
    close,
    "",
  ].join("\n");
}

/** Both connect when they are first used, and neither lets a request wait without end. */
function clientOf(store: Store): string[] {
  if (store === "postgres") {
    return [
      "const pool = new pg.Pool({",
      "  connectionString: process.env.DATABASE_URL,",
      "  connectionTimeoutMillis: 2_000,",
      "  query_timeout: 3_000,",
      "});",
      "",
    ];
  }
  if (store === "cookie") return [];
  const limits = "lazyConnect: true, commandTimeout: 3_000, connectTimeout: 2_000, maxRetriesPerRequest: 1";
  return [
    `const redis = new Redis(process.env.REDIS_URL ?? "", { ${limits} });`,
    'redis.on("error", (error) => console.error(error.message));',
    "",
  ];
}

const home = `'<a href="/me">Who am I?</a> <form method="post" action="/auth/logout"><button>Log out</button></form>'`;

/** The lines that an app needs besides `auth`. */
export const mounting: Readonly<Record<Exclude<Framework, "next">, readonly string[]>> = {
  express: [
    'app.use("/auth", auth.routes()); // /auth/login, /auth/callback, /auth/logout, /auth/session',
    "app.use(auth.middleware()); // does no work until it is asked",
    "",
    `app.get("/", (_req, res) => void res.send(${home}));`,
    "",
    "// A page without a login goes to the login and comes back; a call gets 401 JSON.",
    'app.get("/me", auth.requireLogin(), async (req, res) => {',
    "  const session = await auth.of(req).requireSession(); // auth.of(req).fetch(…) carries a valid token",
    "  res.json(session.data);",
    "});",
    "",
    "app.use(auth.errorHandler()); // a provider that is away becomes a 503, not a 500",
  ],
  hono: [
    'app.route("/auth", auth.routes()); // /auth/login, /auth/callback, /auth/logout, /auth/session',
    "app.use(auth.middleware()); // does no work until it is asked",
    "",
    `app.get("/", (c) => c.html(${home}));`,
    "",
    "// A page without a login goes to the login and comes back; a call gets 401 JSON.",
    'app.get("/me", auth.requireLogin(), async (c) => {',
    "  const session = await auth.of(c).requireSession(); // auth.of(c).fetch(…) carries a valid token",
    "  return c.json(session.data);",
    "});",
  ],
};

/** The whole app, for a folder that has none. */
export function serverFile(choice: Choice): string {
  const { framework, baseUrl } = choice;
  const auth = authFile(choice, false);
  const port = `Number(process.env.PORT ?? (new URL(process.env.BASE_URL ?? "${baseUrl}").port || 3000))`;
  const told = '() => console.log("listening on", process.env.BASE_URL)';
  if (framework === "express") {
    return `${withImport(auth, 'import express from "express";')}
const app = express();
${mounting.express.join("\n")}

app.listen(${port}, "127.0.0.1", ${told});
`;
  }
  return `import { serve } from "@hono/node-server";
${withImport(auth, 'import { Hono } from "hono";')}
const app = new Hono();
${mounting.hono.join("\n")}

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: ${port} }, ${told});
`;
}

function withImport(text: string, line: string): string {
  return text.replace("\n\n", `\n${line}\n\n`);
}

/** What Next looks for under names of its own. */
export function nextFiles(choice: Choice, { root, ending, nextMajor, isTypeScript }: Project): NewFile[] {
  const proxy = nextMajor < 16 ? "middleware" : "proxy";
  const config = `{ allowedDevOrigins: ["${new URL(choice.baseUrl).hostname}"] }`;
  return [
    { path: `${root}auth.${ending}`, text: authFile(choice, true) },
    {
      path: `${root}app/auth/[...pixy]/route.${ending}`,
      text: `import { auth } from "../../../auth";\n\nexport const { GET, POST } = auth.handlers; // /auth/login, /auth/callback, /auth/logout, /auth/session\n`,
    },
    {
      path: `${root}${proxy}.${ending}`,
      text: `import { auth } from "./auth";

// Refreshes a token that is about to expire, before anything renders; always continues the request.
export const ${proxy} = auth.proxy;

export const config = {
  matcher: [
    {
      source: "/((?!_next/|favicon.ico$).*)",
      // Next hides these headers from the proxy; only the matcher can tell what is merely fetched ahead.
      missing: [
        { type: "header", key: "next-router-prefetch" },
        { type: "header", key: "next-router-segment-prefetch" },
      ],
    },
  ],
};
`,
    },
    {
      path: `${root}app/me/route.${ending}`,
      text: `import { auth } from "../../auth";

// A page without a login goes to the login and comes back; a call gets 401 JSON.
export const GET = auth.route(async (_request, login) => {
  const session = await login.requireSession(); // login.fetch(…) carries a valid token
  return Response.json(session.data);
});
`,
    },
    {
      path: `next.config.${isTypeScript ? "ts" : "mjs"}`,
      text: `// \`next dev\` answers its own scripts with 403 on another address than localhost unless it is told.\nexport default ${config};\n`,
    },
  ];
}

/** Names without values: what is secret is printed, not written. */
export function environmentFile(choice: Choice): string {
  const { provider, baseUrl } = choice;
  const lines = variablesOf(choice).map((name) => {
    if (name === "BASE_URL") return `BASE_URL=${baseUrl}`;
    const comment = comments[name.replace(/^.*(?=_CLIENT_)/, "")];
    return `${comment === undefined ? "" : `# ${comment}\n`}${name}=`;
  });
  return `# ${provider.title}: ${plain(provider.register)}
# Redirect URI, letter for letter: ${baseUrl}/auth/callback
${lines.join("\n")}
`;
}

const comments: Readonly<Record<string, string>> = {
  SESSION_SECRET: "32 random bytes as base64url; npx @pixy/server init prints one",
  _CLIENT_SECRET: "of the registration, too",
};

/** Text of a page without its marks. */
export function plain(markdown: string): string {
  return markdown.replace(/<(https?:[^>]+)>/g, "$1").replace(/\*\*|`/g, "");
}
