import type { Listening } from "./listening.ts";

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

/** Milliseconds for which a topic is remembered. */
const memory = 1_000;

/** While the connection is lost nobody is told: whoever waits looks again after a while, as without it. */
export function settlements(connection: Listening): Settlements {
  const topics = new Map<string, Topic>();
  connection.add({ hear: (payload) => topics.get(payload)?.tell() });
  return {
    expect(topic) {
      if (!connection.isOn()) return false;
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
