import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createGrants } from "@pixy/grants";
import { spotifyAt } from "@pixy/providers/spotify";
import { createAuthorizationServer, serve } from "@pixy/testing";
import type { Report } from "../grants/order.ts";
import { type ClientName, connect, type EngineAddress } from "./clients.ts";
import type { RedisEngine } from "./servers.ts";

export interface Outcome {
  /** What the calls came to that were under way, and how often each. */
  readonly during: Report;
  /** What a call comes to once everything is over. */
  readonly after: string;
  readonly tokenRequests: number;
}

export interface Herd {
  /** Calls of four processes with one expired token; `meanwhile` happens while the one token request is on its way. */
  run(meanwhile: () => Promise<void> | void): Promise<Outcome>;
  /** Whether somebody new can be kept. */
  canSave(): Promise<string>;
  close(): Promise<void>;
}

const worker = fileURLToPath(new URL("../grants/worker.ts", import.meta.url));
const processes = 4;
const callsEach = 25;

export async function createHerd(client: ClientName, { name, ports }: RedisEngine): Promise<Herd> {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const server = await serve(provider);
  provider.configure({ issuer: server.url });
  const prefix = `herd-${randomBytes(6).toString("hex")}`;
  const secret = randomBytes(32).toString("base64url");
  const address: EngineAddress = { client, engine: name, ports };
  const { store, close } = await connect(client, name, ports, `${prefix}:`);
  const grants = createGrants({
    providers: { spotify: { provider: spotifyAt(server.url), clientId: "proof" } },
    ...{ secret, store, onEvent: () => {} },
  });
  const members = await Promise.all(Array.from({ length: processes }, start));
  let turn = 0;

  async function start(): Promise<ChildProcess> {
    const environment = {
      STORE_URL: JSON.stringify(address),
      PROVIDER_URL: server.url,
      PREFIX: prefix,
      SECRET: secret,
    };
    const child = fork(worker, [], {
      execArgv: ["--conditions=@pixy/source"],
      env: { PATH: process.env.PATH, ...environment },
    });
    await once(child, "message");
    return child;
  }

  async function ask(member: ChildProcess, owner: string, calls: number): Promise<Report> {
    const id = ++turn;
    const answered = new Promise<Report>((resolve) => {
      const listen = (message: { readonly id?: number; readonly report?: Report }): void => {
        if (message.id !== id) return;
        member.off("message", listen);
        resolve(message.report ?? {});
      };
      member.on("message", listen);
    });
    member.send({ id, owner, calls });
    return answered;
  }

  const save = (owner: string): Promise<unknown> => {
    const issued = provider.issueTokens({ clientId: "proof", person: "ada", scope: ["user-read-private"] });
    return grants.save({ owner }, { ...issued, createdAt: Date.now() - issued.expiresIn * 1000 - 1 });
  };

  return {
    async run(meanwhile) {
      const owner = `owner ${++turn}`;
      await save(owner);
      provider.clearFaults();
      provider.reset();
      provider.fault({ at: "token", kind: "delay", milliseconds: 1_500, times: 1 });
      const refreshes = () => provider.tokenRequests("refresh_token").length;
      const herd = Promise.all(members.map((member) => ask(member, owner, callsEach)));
      let isOver = false;
      void herd.then(() => {
        isOver = true;
      });
      while (refreshes() === 0 && !isOver) await wait(5);
      await meanwhile();
      const during: Record<string, number> = {};
      for (const report of await herd) {
        for (const [what, count] of Object.entries(report)) during[what] = (during[what] ?? 0) + count;
      }
      let after = "";
      for (let tries = 0; tries < 100; tries++) {
        const reports = await Promise.all(members.map((member) => ask(member, owner, 1)));
        after = [...new Set(reports.flatMap((report) => Object.keys(report)))].join(", ");
        if (!/unavailable|Error/.test(after)) break;
        await wait(200);
      }
      return { during, after, tokenRequests: refreshes() };
    },
    async canSave() {
      try {
        await save(`owner ${++turn}`);
        return "yes";
      } catch (error) {
        return `no: ${(error as { readonly code?: string }).code ?? error}`;
      }
    },
    async close() {
      for (const member of members) member.kill("SIGKILL");
      await close();
      await server.close();
    },
  };
}
