import { createServer } from "node:http";
import { Duplex } from "node:stream";
import type { Contender, Listener } from "./servers/contender.ts";
import { signInAll } from "./servers/sign-in.ts";
import { median } from "./throughput.ts";

export interface HotPath {
  readonly name: string;
  /** Microseconds of processor time for one request, without the network's share: the median over all slices. */
  readonly microseconds: number;
  /** What it takes beyond the first contender, the median of the differences of neighbouring slices. */
  readonly beyondFirst: number;
}

const answered = Buffer.from('{"name":"');

/** Node's own HTTP server behind a connection that lives in memory: `ask` resolves with the answer's text. */
function connect(listener: Listener): (request: Buffer) => Promise<void> {
  let resolve: (() => void) | undefined;
  const wire = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      done();
      if (chunk.includes(answered)) resolve?.();
    },
  });
  createServer(listener as never).emit("connection", wire);
  return (request) =>
    new Promise<void>((done) => {
      resolve = done;
      wire.push(request);
    });
}

/**
 * Takes turns of a few milliseconds, so that what disturbs the machine disturbs all alike: this tells changes of a
 * microsecond apart where a load test of a busy machine cannot.
 */
export async function measureHotPath(
  contenders: Readonly<Record<string, Contender>>,
  { slices = 200, requests = 200, people = 1 }: { slices?: number; requests?: number; people?: number } = {},
): Promise<HotPath[]> {
  const origin = "http://127.0.0.1:3000";
  const body = (name: string) => ({ name });
  const running = [];
  for (const [name, contender] of Object.entries(contenders)) {
    const listener = await contender({ origin, body, issuer: origin });
    const cookies = name === "bare" ? ["bare=1"] : await signInAll(listener, people);
    const messages = cookies.map((cookie) =>
      Buffer.from(`GET /me HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nCookie: ${cookie}\r\n\r\n`),
    );
    running.push({ name, ask: connect(listener), messages, at: 0, times: [] as number[] });
  }
  for (let slice = -20; slice < slices; slice++) {
    for (const one of running) {
      const before = process.cpuUsage();
      for (let count = 0; count < requests; count++) {
        await one.ask(one.messages[one.at++ % one.messages.length] as Buffer);
      }
      const { user, system } = process.cpuUsage(before);
      if (slice >= 0) one.times.push((user + system) / requests);
    }
  }
  const first = running[0]?.times ?? [];
  return running.map(({ name, times }) => ({
    name,
    microseconds: median(times),
    beyondFirst: median(times.map((time, at) => time - (first[at] ?? Number.NaN))),
  }));
}
