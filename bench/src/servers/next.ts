import { fileURLToPath } from "node:url";
import next from "next";
import { type Contender, nameOf, secret, tokens } from "./contender.ts";

export const nextApp: string = fileURLToPath(new URL("../next-app", import.meta.url));

/** One route of the built app: `/me` and `/enter` lead to those of `name`. */
function route(name: string, enter = name): Contender {
  return async ({ origin, body }) => {
    Object.assign(globalThis, { bench: { body, nameOf, tokens } });
    Object.assign(process.env, { BASE_URL: origin, SESSION_SECRET: secret });
    const { hostname, port } = new URL(origin);
    // CommonJS: Node hands out the function, TypeScript expects a namespace.
    const make = next as unknown as typeof next.default;
    const app = make({ dev: false, dir: nextApp, hostname, port: Number(port) });
    await app.prepare();
    const answer = app.getRequestHandler();
    return (request, response) => {
      request.url = request.url?.replace(/^\/me/, `/${name}`).replace(/^\/enter/, `/enter/${enter}`);
      return answer(request, response);
    };
  };
}

export const contenders: Readonly<Record<string, Contender>> = {
  bare: route("bare"),
  "(behind a proxy that does nothing)": route("passed", "pixy"),
  "@pixy/next, a route": route("pixy"),
  "@pixy/next, a route behind the proxy": route("proxied", "pixy"),
  "iron-session": route("iron"),
};
