/** What listening needs of a `Client` of `pg` 8. */
export interface PostgresListener {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: string, listener: (...input: never[]) => void): unknown;
  end(): Promise<void>;
  /** Lets the process end. */
  unref?(): void;
}

/** Who is told what comes over the connection, and what becomes of it. */
export interface Hearer {
  hear(payload: string): void;
  /** The connection stands, and listens. */
  open?(): void;
  /** The connection broke, or could not be made. */
  lose?(): void;
}

/** One connection that listens on a channel, for everybody in this store who wants to hear of something. */
export interface Listening {
  add(hearer: Hearer): void;
  /** Whether it listens; where it does not, it begins to, for whoever asks again. */
  isOn(): boolean;
  /** Takes the connection for lost, as one that died without a word. */
  drop(): void;
}

/** Milliseconds after which a lost connection is made again at the earliest. */
const restMs = 1_000;

/** Listens by a connection that is made when somebody first asks for it, and again after it was lost. */
export function listening(open: () => PostgresListener, channel: string): Listening {
  const hearers: Hearer[] = [];
  let state: "on" | "connecting" | "off" = "off";
  let retryAt = 0;
  let drop = (): void => {};

  async function listen(): Promise<void> {
    state = "connecting";
    let client: PostgresListener | undefined;
    let isLost = false;
    const lost = (): void => {
      if (isLost) return;
      isLost = true;
      state = "off";
      retryAt = performance.now() + restMs;
      for (const hearer of hearers) hearer.lose?.();
      client?.end().catch(() => {});
    };
    drop = lost;
    try {
      client = open();
      client.on("error", lost);
      client.on("end", lost);
      client.on("notification", ({ payload = "" }: { payload?: string }) => {
        for (const hearer of hearers) if (!isLost) hearer.hear(payload);
      });
      await client.connect();
      client.unref?.();
      await client.query(`LISTEN ${channel}`);
      if (isLost) return;
      state = "on";
      for (const hearer of hearers) hearer.open?.();
    } catch {
      lost();
    }
  }

  return {
    add: (hearer) => void hearers.push(hearer),
    isOn() {
      if (state === "off" && performance.now() >= retryAt) void listen();
      return state === "on";
    },
    drop: () => drop(),
  };
}
