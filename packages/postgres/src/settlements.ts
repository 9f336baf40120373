/** What listening needs of a `Client` of `pg` 8. */
export interface PostgresListener {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: string, listener: (...input: never[]) => void): unknown;
  end(): Promise<void>;
  /** Lets the process end. */
  unref?(): void;
}

/** Tells who waits for a lease when its holder has reported back. */
export interface Settlements {
  /** Says whether a notification of this topic would be heard. Called before the lease is asked for, so that none is missed. */
  expect(topic: string): boolean;
  /** `true` as soon as there was a notification since `expect`, `false` after so many milliseconds. */
  wait(topic: string, within: number): Promise<boolean>;
}

interface Topic {
  readonly told: Promise<true>;
  readonly tell: () => void;
  isTold: boolean;
}

/** Milliseconds for which a topic is remembered, and after which a lost connection is made again at the earliest. */
const memory = 1_000;

/**
 * Listens on a channel by one connection, which is made when somebody first waits. While there is none, nothing is heard
 * and nobody is told: whoever waits looks again after a while, as without it.
 */
export function settlements(open: () => PostgresListener, channel: string): Settlements {
  const topics = new Map<string, Topic>();
  let state: "listening" | "connecting" | "off" = "off";
  let retryAt = 0;

  async function listen(): Promise<void> {
    state = "connecting";
    let client: PostgresListener | undefined;
    const lost = (): void => {
      state = "off";
      retryAt = performance.now() + memory;
    };
    try {
      client = open();
      client.on("error", lost);
      client.on("end", lost);
      client.on("notification", ({ payload = "" }: { payload?: string }) => topics.get(payload)?.tell());
      await client.connect();
      client.unref?.();
      await client.query(`LISTEN ${channel}`);
      state = "listening";
    } catch {
      lost();
      await client?.end().catch(() => {});
    }
  }

  return {
    expect(topic) {
      if (state === "off" && performance.now() >= retryAt) void listen();
      if (state !== "listening") return false;
      if (topics.get(topic)?.isTold === false) return true;
      const made = newTopic();
      topics.set(topic, made);
      later(memory, () => {
        if (topics.get(topic) === made) topics.delete(topic);
      });
      return true;
    },
    wait(topic, within) {
      const told = topics.get(topic)?.told;
      const patience = new Promise<boolean>((resolve) => later(within, () => resolve(false)));
      return told === undefined ? patience : Promise.race([told, patience]);
    },
  };
}

function newTopic(): Topic {
  let resolve: (told: true) => void = () => {};
  const told = new Promise<true>((settle) => {
    resolve = settle;
  });
  const topic: Topic = {
    told,
    isTold: false,
    tell: () => {
      topic.isTold = true;
      resolve(true);
    },
  };
  return topic;
}

/** A timer that keeps no process alive. */
function later(milliseconds: number, run: () => void): void {
  const timer: unknown = setTimeout(run, milliseconds);
  (timer as { unref?(): void }).unref?.();
}
