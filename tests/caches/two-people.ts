import { request as httpRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import { type AdapterProfile, type RunningApp, sealSession } from "@pixy/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nginx, type ProxyCache, varnish } from "../lib/proxy-cache.ts";
import { secret } from "../lib/web-app.ts";

/**
 * An app of which every path but `/people/everybody` shows the name of who asks; that one counts how often it was asked.
 */
export interface PeopleApp {
  readonly name: string;
  readonly paths: readonly string[];
  /** Paths that ask only once their headers have left: the framework itself has to keep them out of caches. */
  readonly late?: readonly string[];
  /** Paths whose answer depends on who asks, without a name in it. */
  readonly nameless: readonly string[];
  start(options: PixyOptions<AdapterProfile>): Promise<RunningApp>;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

const people = ["Ada Lovelace", "Grace Hopper", "nobody"] as const;
type Person = (typeof people)[number];

export const options: PixyOptions<AdapterProfile> = {
  provider: spotify,
  clientId: "client-of-the-app",
  baseUrl: "https://app.example",
  secret,
  onLogin: () => ({ name: "from a login" }),
};

/** What was sealed for each of them, once: the same browser comes again and again. */
async function cookieHeaders(): Promise<ReadonlyMap<Person, string>> {
  const cookies = new Map<Person, string>();
  for (const person of people.slice(0, 2)) {
    const sealed = await sealSession(options, { data: { name: person } });
    cookies.set(person, sealed.map(({ name, value }) => `${name}=${value}`).join("; "));
  }
  return cookies;
}

/** All orders in which the three can come, each of them twice. */
const orders: readonly (readonly Person[])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((order) => [...order, ...order].map((index) => people[index] as Person));

/** Runs an app behind caches that keep all they may, and lets two people and a stranger ask for the same URLs. */
export function describePeople(app: PeopleApp): void {
  for (const kind of [nginx, varnish]) {
    kind.describe(`${app.name} behind ${kind.name}`, () => {
      let server: RunningApp;
      let cache: ProxyCache;
      let cookies: ReadonlyMap<Person, string>;

      beforeAll(async () => {
        cookies = await cookieHeaders();
        server = await app.start(options);
        cache = await kind.start(Number(new URL(server.url).port));
      });

      afterAll(async () => {
        await cache?.stop();
        await server?.close();
      });

      const ask = (person: Person, path: string, headers: Record<string, string> = {}, method = "GET") => {
        const cookie = cookies.get(person);
        return send(`${cache.url}${path}`, method, { ...headers, ...(cookie === undefined ? {} : { cookie }) });
      };

      for (const path of [...app.paths, ...(app.late ?? [])]) {
        it(`${path} is each one's own, in every order`, async () => {
          const wrong: string[] = [];
          for (const [index, order] of orders.entries()) {
            for (const person of order) {
              const { body, headers } = await ask(person, `${path}?order=${index}`);
              const shown = nameIn(`${body} ${headers.location}`);
              if (shown !== person) wrong.push(`${person} got the answer of ${shown} (${headers["x-cache"]})`);
            }
          }
          expect(wrong).toEqual([]);
        });
      }

      for (const path of [...app.paths, ...app.nameless]) {
        it(`${path} says so, to HEAD and to a repeated question too`, async () => {
          for (const person of people) {
            const url = `${path}?said-to=${person.length}`;
            const { headers } = await ask(person, url);
            const again = await ask(person, url, { "if-none-match": headers.etag ?? '"none"' });
            const head = await ask(person, url, {}, "HEAD");
            for (const answer of [headers, again.headers, head.headers]) {
              const directives = (answer["cache-control"] ?? "").split(",").map((directive) => directive.trim());
              expect(directives).toEqual(expect.arrayContaining(["private", "no-store"]));
              expect(directives.filter((directive) => /public|max-age=[1-9]/.test(directive))).toEqual([]);
              expect((answer.vary ?? "").split(",").map((name) => name.trim())).toContain("Cookie");
            }
          }
        });
      }

      it("/people/everybody is kept for everybody", async () => {
        const first = await ask("Ada Lovelace", "/people/everybody");
        const second = await ask("Grace Hopper", "/people/everybody");
        expect([second.body, second.headers["x-cache"]]).toEqual([first.body, "HIT"]);
      });
    });
  }
}

function nameIn(text: string): Person {
  return people.find((person) => text.includes(person.split(" ")[0] ?? person)) ?? "nobody";
}

async function send(url: string, method: string, headers: Record<string, string>): Promise<Answer> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method, headers: { host: "app.example", accept: "text/html", ...headers } }, resolve)
      .on("error", reject)
      .end();
  });
  return { status: message.statusCode, headers: message.headers, body: await text(message) };
}
